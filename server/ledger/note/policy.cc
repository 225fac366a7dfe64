#include "server/ledger/note/policy.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/status.h"
#include "server/ledger/note/text_form.h"

namespace lintas::note {
namespace {

using Items = std::vector<absl::string_view>;

absl::Status Bad(absl::string_view rule) { return absl::InvalidArgumentError(rule); }

bool HasKey(const std::vector<NoteKey>& keys, const NoteKey& key) {
  return std::any_of(keys.begin(), keys.end(),
                     [&](const NoteKey& other) { return other.key.bytes() == key.key.bytes(); });
}

// Tab, newline, space and everything printable or not ASCII.
bool IsPolicyText(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const uint8_t byte = static_cast<uint8_t>(c);
    return byte == '\t' || byte == '\n' || (byte >= 0x20 && byte != 0x7F);
  });
}

}  // namespace

absl::StatusOr<Policy> Policy::Parse(absl::string_view text) {
  if (text.size() > kPolicyBytesMax) return Bad("a policy has at most 64 KiB");
  if (!IsPolicyText(text)) return Bad("a policy has no control characters but tab and newline");
  Policy policy;
  size_t number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    const Items items = absl::StrSplit(line, absl::ByAnyChar(" \t"), absl::SkipEmpty());
    if (items.empty() || items[0][0] == '#') continue;
    const absl::Status status = policy.ParseLine(items);
    if (!status.ok()) return Bad(absl::StrCat("policy line ", number, ": ", status.message()));
  }
  if (!policy.has_quorum_line_) return Bad("a policy has one quorum line");
  return policy;
}

absl::Status Policy::ParseLine(const Items& items) {
  if (items[0] == "log") return ParseLog(items);
  if (items[0] == "witness") return ParseWitness(items);
  if (items[0] == "group") return ParseGroup(items);
  if (items[0] == "quorum") return ParseQuorum(items);
  return Bad("begins with none of log, witness, group, quorum");
}

absl::Status Policy::ParseLog(const Items& items) {
  if (items.size() < 2 || items.size() > 3) return Bad("expected: log <vkey> [<url>]");
  if (logs_.size() == kLinesMax) return Bad("too many logs");
  ASSIGN_OR_RETURN(NoteKey key, ParseVkey(items[1]));
  if (key.type != SignatureType::kEd25519) return Bad("a log's key is of type 0x01");
  if (HasKey(logs_, key)) return Bad("this log's key stands on an earlier line");
  logs_.push_back(std::move(key));
  return absl::OkStatus();
}

absl::Status Policy::ParseWitness(const Items& items) {
  if (items.size() < 3 || items.size() > 4) return Bad("expected: witness <name> <vkey> [<url>]");
  ASSIGN_OR_RETURN(NoteKey key, ParseVkey(items[2]));
  if (key.type != SignatureType::kCosignature) return Bad("a witness's key is of type 0x04");
  if (HasKey(witnesses_, key)) return Bad("this witness's key stands on an earlier line");
  Voter voter;
  voter.witness = witnesses_.size();
  RETURN_IF_ERROR(Define(items[1], std::move(voter)));
  witnesses_.push_back(std::move(key));
  return absl::OkStatus();
}

absl::Status Policy::ParseGroup(const Items& items) {
  if (items.size() < 4) return Bad("expected: group <name> all|any|<k> <member>...");
  const size_t count = items.size() - 3;
  Voter group;
  if (items[2] == "all") {
    group.threshold = count;
  } else if (items[2] == "any") {
    group.threshold = 1;
  } else {
    ASSIGN_OR_RETURN(group.threshold, ParseDecimal(items[2]));
  }
  if (group.threshold < 1 || group.threshold > count) return Bad("k is from 1 to the members");
  for (size_t i = 3; i < items.size(); ++i) {
    const auto found = names_.find(std::string(items[i]));
    if (found == names_.end()) return Bad("a member is not defined on an earlier line");
    if (voters_[found->second].taken) return Bad("a member is in a group already");
    voters_[found->second].taken = true;
    group.members.push_back(found->second);
  }
  return Define(items[1], std::move(group));
}

absl::Status Policy::ParseQuorum(const Items& items) {
  if (items.size() != 2) return Bad("expected: quorum <name>|none");
  if (has_quorum_line_) return Bad("a second quorum line");
  has_quorum_line_ = true;
  if (items[1] == "none") {
    quorum_is_none_ = true;
    return absl::OkStatus();
  }
  const auto found = names_.find(std::string(items[1]));
  if (found == names_.end()) return Bad("the quorum is not defined on an earlier line");
  quorum_ = found->second;
  return absl::OkStatus();
}

absl::Status Policy::Define(absl::string_view name, Voter voter) {
  if (name == "none") return Bad("none is no name");
  if (voters_.size() == kLinesMax) return Bad("too many witnesses and groups");
  if (!names_.emplace(name, voters_.size()).second) return Bad("this name is defined already");
  voters_.push_back(std::move(voter));
  return absl::OkStatus();
}

absl::StatusOr<VerifiedCheckpoint> Policy::Satisfied(absl::string_view note) const {
  std::vector<NoteKey> keys = logs_;
  keys.insert(keys.end(), witnesses_.begin(), witnesses_.end());
  ASSIGN_OR_RETURN(VerifiedCheckpoint verified, VerifyCheckpoint(note, keys));
  if (!QuorumReached(verified.note)) {
    return absl::FailedPreconditionError("the checkpoint lacks cosignatures of the quorum");
  }
  return verified;
}

bool Policy::QuorumReached(const SignedNote& verified) const {
  if (quorum_is_none_) return true;
  // Members stand before their groups, so one pass settles every voter.
  std::vector<bool> agrees(voters_.size(), false);
  for (size_t i = 0; i < voters_.size(); ++i) {
    const Voter& voter = voters_[i];
    if (voter.members.empty()) {
      const NoteKey& key = witnesses_[voter.witness];
      agrees[i] =
          std::any_of(verified.signatures.begin(), verified.signatures.end(),
                      [&](const Signature& s) { return s.key_id == key.id && s.name == key.name; });
    } else {
      const auto count = std::count_if(voter.members.begin(), voter.members.end(),
                                       [&](size_t member) { return agrees[member]; });
      agrees[i] = static_cast<size_t>(count) >= voter.threshold;
    }
  }
  return agrees[quorum_];
}

}  // namespace lintas::note
