#include "server/records/access_entry.h"

#include <algorithm>
#include <utility>

#include "server/base/error.h"

namespace lintas {

void Disclose(std::string name, Disclosure* disclosure) {
  ++disclosure->record_count;
  if (disclosure->record_names.size() < kAccessNamesMax) {
    disclosure->record_names.push_back(std::move(name));
  }
}

PreparedEntry MakeAccessEntry(const Call& call, const AccessFacts& facts,
                              const PayloadSealer& sealer, Random& random) {
  ledger::v1::Access access;
  access.set_principal(call.principal.spiffe_uri);
  access.set_method(call.method);
  access.set_purpose(call.purpose);
  access.set_case_id(call.case_id);
  access.set_status_code(static_cast<int>(facts.outcome.code()));
  if (!facts.outcome.ok()) access.set_reason(ErrorReason(facts.outcome));
  access.set_time_us(absl::ToUnixMicros(facts.now));
  access.set_trace_id(call.trace_id);
  access.set_body_digest(facts.body_digest);
  access.set_case_holder(facts.case_holder);
  if (facts.disclosure != nullptr) {
    for (const Token& token : facts.disclosure->subject_tokens) {
      access.add_subject_tokens(token.data(), token.size());
    }
    const auto& names = facts.disclosure->record_names;
    for (size_t i = 0; i < std::min(names.size(), kAccessNamesMax); ++i) {
      access.add_record_names(names[i]);
    }
    access.set_record_count(static_cast<uint32_t>(facts.disclosure->record_count));
  }
  ledger::v1::EntryHeader header;
  header.set_kind(ledger::v1::EntryHeader::ACCESS);
  header.set_retention_class("access");
  header.set_agreement_version(call.agreement_version);
  header.set_request_token(facts.request_token);
  return PrepareEntry(LedgerId::kHome, std::move(header), /*synthetic=*/false,
                      {{4, access.SerializeAsString()}}, sealer, random);
}

}  // namespace lintas
