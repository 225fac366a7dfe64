// Security objects and data groups of strangers' chips: no bytes may crash, and nothing is
// authentic while no anchor is held.
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "server/base/check.h"
#include "server/crypto/chip/passive_authentication.h"
#include "server/crypto/chip/security_object.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace chip = lintas::chip;
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto object = chip::ParseSecurityObject(bytes);
  if (object.ok()) {
    LINTAS_CHECK(!object->hashes.empty());
    LINTAS_CHECK(bytes.size() > object->cms.size());
  }
  const auto zone = chip::ZoneOfGroup1(bytes);
  if (zone.ok()) LINTAS_CHECK(zone->size() >= 72 && zone->size() <= 90);
  static const auto& nothing_held = *new chip::CscaStore;
  chip::ChipInput input;
  input.security_object = std::string(bytes);
  input.groups = {{1, std::string("\x61\x5b\x5f\x1f\x58", 5) + "PPIDN" + std::string(83, '<')}};
  input.at = absl::FromUnixSeconds(1'795'000'000);
  const chip::ChipReport report = chip::Authenticate(input, nothing_held);
  LINTAS_CHECK(report.verdict != chip::Verdict::kAuthentic);
  LINTAS_CHECK(!report.reasons.empty());
  LINTAS_CHECK(report.not_said.size() >= 3);
  return 0;
}
