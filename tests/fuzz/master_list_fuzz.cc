// Files of certificates and revocation lists from strangers: no bytes may crash, and what is taken
// can be told.
#include <cstdint>

#include "absl/strings/string_view.h"
#include "server/base/check.h"
#include "server/crypto/chip/csca_store.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace chip = lintas::chip;
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  chip::CscaStore store;
  const auto report = store.Add(bytes);
  if (report.ok()) {
    LINTAS_CHECK(report->read + report->repeated > 0);
    LINTAS_CHECK(store.size() == report->read);
  }
  for (const chip::CertificateFacts& facts : store.Facts()) {
    LINTAS_CHECK(facts.sha256.size() == 64);
    LINTAS_CHECK(facts.country.empty() || store.HoldsCountry(facts.country));
  }
  store.AddCrl(bytes).IgnoreError();
  const auto certificates = chip::ReadCertificates(bytes);
  if (certificates.ok()) LINTAS_CHECK(!certificates->empty());
  return 0;
}
