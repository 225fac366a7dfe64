#include "server/areas/institutions_policy/registry.h"

#include <memory>
#include <string>

#include "lintas/institutions_policy/v1/institutions_policy.pb.h"
#include "server/base/status.h"

namespace lintas::institutions_policy {
namespace {

constexpr size_t kPageLimit = 100;

// Days as `YYYY-MM-DD` sort as text.
bool Covers(const std::string& first, const std::string& last, const std::string& day) {
  return (first.empty() || first <= day) && (last.empty() || day <= last);
}

bool IsCompetent(const v1::Institution& institution, int area, const std::string& day) {
  if (!Covers(institution.start_date(), institution.end_date(), day)) return false;
  for (const v1::CompetencePeriod& period : institution.competences()) {
    if (static_cast<int>(period.area()) == area &&
        Covers(period.start_date(), period.end_date(), day)) {
      return true;
    }
  }
  return false;
}

void AddHolders(const v1::Institution& institution, const std::string& day,
                Competence::Offices* offices) {
  for (const v1::OfficeHolding& holding : institution.office_holdings()) {
    offices->names_holders = true;
    if (Covers(holding.start_date(), holding.end_date(), day)) {
      offices->holders.insert(holding.holder_id());
    }
  }
}

}  // namespace

absl::StatusOr<Competence::Offices> Registry::For(absl::string_view country, int area,
                                                  absl::Time now) const {
  const RecordsDeps& records = reader_->deps();
  const RecordType* type = records.types->ByDescriptor(v1::Institution::descriptor());
  const std::string day = absl::FormatTime("%Y-%m-%d", now, absl::FixedTimeZone(7 * 60 * 60));
  Offices offices;
  absl::optional<DerivedKey> after;
  do {
    ASSIGN_OR_RETURN(const Reader::Page page,
                     reader_->List(*type, country, after, kPageLimit, records.store->sizes()));
    for (const FoundRecord& found : page.records) {
      offices.registered = true;
      const std::unique_ptr<google::protobuf::Message> record = reader_->Whole(found);
      const auto& institution = static_cast<const v1::Institution&>(*record);
      if (!IsCompetent(institution, area, day)) continue;
      offices.competent.push_back(found.name());
      AddHolders(institution, day, &offices);
    }
    after = page.next;
  } while (after);
  return offices;
}

}  // namespace lintas::institutions_policy
