// Records as serialised by strangers: no input may crash, and what is split and joined again parses
// to the same record without the node's own fields.
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "lintas/migration_information/v1/migration_information.pb.h"
#include "server/areas/migration_information/area.h"
#include "server/base/check.h"
#include "server/records/record_type.h"

namespace {

void CheckType(const lintas::RecordType& type, const lintas::Tokenizer& tokens,
               absl::string_view bytes) {
  const auto sections = type.Split(bytes);
  if (!sections.ok()) return;
  const auto whole = type.NewMessage();
  const std::string whole_bytes(bytes);
  std::string joined_bytes;
  for (const std::string& section : *sections) joined_bytes += section;
  LINTAS_CHECK(joined_bytes.size() <= bytes.size());
  const auto joined = type.NewMessage();
  // Deeper levels are the parser's business: it may refuse what Split() took.
  if (!whole->ParseFromString(whole_bytes)) return;
  LINTAS_CHECK(joined->ParseFromString(joined_bytes));
  for (const int number : {1, 100}) {
    whole->GetReflection()->ClearField(whole.get(), type.descriptor()->FindFieldByNumber(number));
  }
  LINTAS_CHECK(whole->SerializeAsString() == joined->SerializeAsString());
  std::vector<lintas::FieldViolation> violations;
  type.Validate(*joined, &violations);
  for (const auto& violation : violations) LINTAS_CHECK(!violation.description.empty());
  std::vector<lintas::DerivedTerm> terms;
  type.ExtractTerms(*joined, tokens, &terms);
  for (const auto& term : terms) {
    LINTAS_CHECK(!term.body.empty() && term.body.size() <= lintas::DerivedKey::kBodyMax);
  }
  type.Nationalities(*joined);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const lintas::RecordTypes types(lintas::migration_information::RecordFiles());
  static const lintas::Tokenizer tokens{lintas::Secret(std::string(32, 'k'))};
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const auto& type : types.all()) CheckType(*type, tokens, bytes);
  return 0;
}
