#include "tests/simulation/checker.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/base/check.h"
#include "server/base/status.h"

namespace lintas::simulation {
namespace {

using ledger::v1::EntryHeader;

absl::Status Broken(int index, absl::string_view what) {
  return absl::InternalError(absl::StrCat(CountryOf(index), ": ", what));
}

// State outside the fold is left out (P15).
std::map<std::string, std::string> FoldedState(const Store& store) {
  std::map<std::string, std::string> state;
  const std::unique_ptr<Snapshot> snapshot = store.GetSnapshot();
  for (const char* prefix : {"x/", "h/"}) {
    LINTAS_CHECK(snapshot
                     ->ScanState(prefix,
                                 [&](absl::string_view key, absl::string_view value) {
                                   state.emplace(key, value);
                                   return true;
                                 })
                     .ok());
  }
  return state;
}

std::string FirstDifference(const std::map<std::string, std::string>& a,
                            const std::map<std::string, std::string>& b) {
  for (const auto& [key, value] : a) {
    const auto found = b.find(key);
    if (found == b.end()) return absl::StrCat(key.substr(0, 60), " is missing");
    if (found->second != value) return absl::StrCat(key.substr(0, 60), " differs");
  }
  return "a key too many";
}

}  // namespace

int Checker::AccessEntries(int index, const std::string& trace_id) const {
  const auto found = seen_[index].access.find(trace_id);
  return found == seen_[index].access.end() ? 0 : found->second;
}

absl::Status Checker::CheckWords(int index, const std::vector<std::string>& words,
                                 const std::string& text) {
  for (const std::string& word : words) {
    if (absl::StrContains(text, word)) return Broken(index, absl::StrCat("stores ", word));
  }
  return absl::OkStatus();
}

// An entry that erases: its targets hold nothing any more (P4).
absl::Status Checker::CheckErased(int index, LedgerId ledger, const EntryHeader& header) {
  const uint64_t end = header.has_target_end() ? header.target_end() : header.target_first() + 1;
  for (uint64_t target = header.target_first(); target < end; ++target) {
    ASSIGN_OR_RETURN(const EntryRow row, nodes_[index]->store()->GetEntry({ledger, Index(target)}));
    if (!row.payload.empty() || !row.key.empty()) {
      return Broken(index, "a recalled payload is still there");
    }
  }
  return absl::OkStatus();
}

absl::Status Checker::CheckHome(int index, const EntryHeader& header,
                                const ledger::v1::Payload& payload) {
  Seen& seen = seen_[index];
  if (!header.request_token().empty() &&
      !seen.request_tokens.insert(header.request_token()).second) {
    return Broken(index, "a repeated request was carried out twice");
  }
  const std::string* content = FindSection(payload, 4);
  if (content == nullptr) return absl::OkStatus();
  if (header.kind() == EntryHeader::ACCESS) {
    ledger::v1::Access access;
    if (!access.ParseFromString(*content)) return Broken(index, "an access entry does not parse");
    ++seen.access[access.trace_id()];
  } else if (header.kind() == EntryHeader::QUESTION) {
    ledger::v1::QuestionRecord question;
    if (!question.ParseFromString(*content)) return Broken(index, "a question does not parse");
    if (question.from_partner()) ++seen.partner_questions[question.question_digest()][0];
  } else if (header.kind() == EntryHeader::ANSWER) {
    ledger::v1::AnswerRecord answer;
    if (!answer.ParseFromString(*content)) return Broken(index, "an answer does not parse");
    const auto found = seen.partner_questions.find(answer.question_digest());
    if (found != seen.partner_questions.end()) ++found->second[1];
  }
  return absl::OkStatus();
}

absl::Status Checker::CheckEntry(int index, Position position, const EntryRow& row) {
  ASSIGN_OR_RETURN(const EntryHeader header, ParseHeader(row.header));
  if (header.index() != position.index.value()) return Broken(index, "an index is not dense");
  if (header.kind() == EntryHeader::RECALL || header.kind() == EntryHeader::ERASE) {
    RETURN_IF_ERROR(CheckErased(index, position.ledger, header));
  }
  RETURN_IF_ERROR(CheckWords(index, forbidden_[index], row.header));
  absl::StatusOr<ledger::v1::Payload> payload = nodes_[index]->node()->deps().sealer->Open(row);
  if (absl::IsNotFound(payload.status())) return absl::OkStatus();
  RETURN_IF_ERROR(payload.status());
  RETURN_IF_ERROR(lintas::CheckDigests(header, *payload));
  RETURN_IF_ERROR(CheckWords(index, forbidden_[index], row.payload));
  for (const ledger::v1::Section& section : payload->sections()) {
    RETURN_IF_ERROR(CheckWords(index, forbidden_[index], section.content()));
    // What the partner may not hold is not sent either: it would only refuse it.
    if (position.ledger == LedgerId::kExchange) {
      RETURN_IF_ERROR(CheckWords(index, forbidden_[1 - index], section.content()));
    }
  }
  if (position.ledger == LedgerId::kHome) return CheckHome(index, header, *payload);
  return absl::OkStatus();
}

absl::Status Checker::Read(int index) {
  SimNode& sim = *nodes_[index];
  Seen& seen = seen_[index];
  const bool again = seen.epoch != sim.epoch();
  seen.epoch = sim.epoch();
  const std::unique_ptr<Snapshot> snapshot = sim.store()->GetSnapshot();
  const Sizes sizes = snapshot->sizes();
  for (int i = 0; i < kLedgerCount; ++i) {
    const LedgerId ledger = static_cast<LedgerId>(i);
    std::vector<std::string>& headers = seen.headers[i];
    if (sizes.of(ledger).value() < headers.size()) {
      return Broken(index, "entries that were on disk are lost");
    }
    absl::Status status;
    const uint64_t from = again ? 0 : headers.size();
    RETURN_IF_ERROR(snapshot->ScanEntries(ledger, Index(from), [&](Index at, EntryRow&& row) {
      if (at.value() < headers.size()) {
        if (headers[at.value()] != row.header) status = Broken(index, "an entry was changed");
      } else {
        headers.push_back(row.header);
        status = CheckEntry(index, {ledger, at}, row);
      }
      return status.ok();
    }));
    RETURN_IF_ERROR(status);
  }
  for (int i = 0; i < 2; ++i) {
    const uint64_t size = sim.node()->ledgers().signed_size(static_cast<LedgerId>(i)).value();
    if (size < seen.signed_size[i]) return Broken(index, "a signed size went down");
    if (size > seen.headers[i].size()) return Broken(index, "more is signed than is on disk");
    seen.signed_size[i] = size;
  }
  for (const auto& [digest, counts] : seen.partner_questions) {
    if (counts[0] != counts[1]) return Broken(index, "a question without exactly one answer entry");
  }
  return absl::OkStatus();
}

absl::Status Checker::CheckReplica(int index) {
  const std::vector<std::string>& replica = seen_[index].headers[2];
  const std::vector<std::string>& own = seen_[1 - index].headers[0];
  uint64_t& done = seen_[index].read[2];
  for (; done < replica.size() && done < own.size(); ++done) {
    if (replica[done] != own[done]) return Broken(index, "the replica is not the partner's ledger");
  }
  if (!nodes_[0]->up() || !nodes_[1]->up()) return absl::OkStatus();
  if (replica.size() > own.size()) return Broken(index, "the replica is longer than the ledger");
  if (nodes_[1 - index]->node()->exchange_server().held_size().value() > replica.size()) {
    return Broken(index, "cosigned as held what is not held");
  }
  return absl::OkStatus();
}

bool Checker::Level() {
  if (!nodes_[0]->up() || !nodes_[1]->up()) return false;
  for (int i = 0; i < 2; ++i) {
    const uint64_t size = nodes_[i]->node()->ledgers().size(LedgerId::kExchange).value();
    if (size != nodes_[1 - i]->node()->ledgers().size(LedgerId::kReplica).value()) return false;
    if (size != nodes_[i]->node()->exchange_server().held_size().value()) return false;
  }
  return true;
}

absl::Status Checker::CheckDigests() {
  if (!nodes_[0]->up() || !nodes_[1]->up()) return absl::OkStatus();
  for (int i = 0; i < 2; ++i) {
    if (nodes_[i]->store()->sizes().exchange != nodes_[1 - i]->store()->sizes().replica) {
      return absl::OkStatus();
    }
  }
  Hash digests[2], roots[2][2];
  for (int i = 0; i < 2; ++i) {
    ASSIGN_OR_RETURN(digests[i], SharedStateDigest(*nodes_[i]->store()->GetSnapshot()));
    const Sizes sizes = nodes_[i]->store()->sizes();
    const Ledgers& ledgers = nodes_[i]->node()->ledgers();
    ASSIGN_OR_RETURN(roots[i][0], ledgers.RootAt(LedgerId::kExchange, sizes.exchange));
    ASSIGN_OR_RETURN(roots[i][1], ledgers.RootAt(LedgerId::kReplica, sizes.replica));
  }
  if (digests[0] != digests[1]) {
    return Broken(0, absl::StrCat("shared state differs at equal sizes: ",
                                  FirstDifference(FoldedState(*nodes_[0]->store()),
                                                  FoldedState(*nodes_[1]->store()))));
  }
  if (roots[0][0] != roots[1][1] || roots[1][0] != roots[0][1]) {
    return Broken(0, "roots differ at equal sizes");
  }
  return absl::OkStatus();
}

absl::Status Checker::AfterTick() {
  for (int i = 0; i < 2; ++i) {
    if (nodes_[i]->up()) RETURN_IF_ERROR(Read(i));
  }
  for (int i = 0; i < 2; ++i) RETURN_IF_ERROR(CheckReplica(i));
  return absl::OkStatus();
}

absl::Status Checker::CheckFreshFold(int index) {
  ASSIGN_OR_RETURN(const std::unique_ptr<SimNode::Clone> clone, nodes_[index]->CloneNode());
  const std::map<std::string, std::string> before = FoldedState(*nodes_[index]->store());
  RETURN_IF_ERROR(clone->node->fold().Rebuild());
  const std::map<std::string, std::string> after = FoldedState(*clone->store);
  if (before != after) {
    return Broken(index, absl::StrCat("state is not what a fresh fold gives: ",
                                      FirstDifference(before, after)));
  }
  // Derived keys too: kinds are small numbers.
  for (int kind = 0; kind < 32; ++kind) {
    const std::string prefix(1, static_cast<char>(kind));
    std::vector<DerivedKey> now =
        nodes_[index]->store()->Find(prefix, absl::nullopt, size_t{1} << 30);
    std::vector<DerivedKey> fresh = clone->store->Find(prefix, absl::nullopt, size_t{1} << 30);
    if (now != fresh) {
      return Broken(index, absl::StrCat("derived keys of kind ", kind, " are ", now.size(),
                                        ", a fresh fold gives ", fresh.size()));
    }
  }
  return absl::OkStatus();
}

absl::Status Checker::SearchStore(int index, const std::vector<std::string>& words) {
  if (words.empty()) return absl::OkStatus();
  const std::unique_ptr<Snapshot> snapshot = nodes_[index]->store()->GetSnapshot();
  absl::Status status;
  for (int i = 0; i < kLedgerCount; ++i) {
    RETURN_IF_ERROR(
        snapshot->ScanEntries(static_cast<LedgerId>(i), Index(0), [&](Index, EntryRow&& row) {
          status = CheckWords(index, words, row.payload);
          absl::StatusOr<ledger::v1::Payload> payload =
              nodes_[index]->node()->deps().sealer->Open(row);
          if (status.ok() && payload.ok()) {
            status = CheckWords(index, words, payload->SerializeAsString());
          }
          return status.ok();
        }));
    RETURN_IF_ERROR(status);
  }
  RETURN_IF_ERROR(snapshot->ScanState("", [&](absl::string_view key, absl::string_view value) {
    status = CheckWords(index, words, absl::StrCat(key, value));
    return status.ok();
  }));
  return status;
}

absl::Status Checker::Thorough() {
  RETURN_IF_ERROR(CheckDigests());
  const bool level = Level();
  for (int i = 0; i < 2; ++i) {
    if (!nodes_[i]->up()) continue;
    RETURN_IF_ERROR(CheckFreshFold(i));
    RETURN_IF_ERROR(SearchStore(i, forbidden_[i]));
    if (level) {
      RETURN_IF_ERROR(SearchStore(i, recalled_));
      RETURN_IF_ERROR(SearchStore(i, recalled_at_[i]));
    }
  }
  return absl::OkStatus();
}

}  // namespace lintas::simulation
