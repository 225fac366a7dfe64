// Kinds and bodies of derived keys (store.h, DerivedKey). A body that is a token is an HMAC under
// the node's term key, so that two nodes' keys are unrelated and a stolen file tells nothing exact.
#ifndef LINTAS_SERVER_RECORDS_DERIVED_H_
#define LINTAS_SERVER_RECORDS_DERIVED_H_

#include <cstdint>

namespace lintas {

enum DerivedKind : uint8_t {
  // Token (16) of domain `document`, normalised number. Then 7 zero bytes.
  kTermDocument = 1,
  // Token of domain `national`, normalised number.
  kTermNational = 2,
  // Token of domain `permit`, normalised number.
  kTermPermit = 3,
  // One normalised word of a name, readable, cut to 23 bytes: prefix search walks them in order.
  kTermNameWord = 4,
  // Token of domain `birth`, `YYYY-MM-DD` with unknown parts as 00.
  kTermBirth = 5,
  // Record id (16), then revision (4, big-endian), then kind code of the entry (1), then 2 zero
  // bytes.
  kRecordRevision = 16,
  // Token of domain `source`, agency URI NUL type NUL source key; then content token (7). Position
  // is
  // that of the record's entry. From import marks.
  kSourceKey = 17,
  // Token of domain `request`, principal URI NUL request id. Position is the access entry's.
  kRequest = 18,
  // Token of domain `subject`, kind NUL normalised identifier: who asked about X (P25).
  kSubject = 19,
  // Type code token (first 8 bytes of SHA-256), country code (3), released flag: for lists.
  kTypeList = 20,
  // Token of domain `import`, principal URI NUL import id; then row_end (7, big-endian).
  kImport = 21,
  // Hour since 1970 (8, big-endian), then 15 zero bytes: the partner's questions in the order in
  // which they came (P25).
  kQuestionHour = 22,
  // Record id (16), then 7 zero bytes. Position is that of an own STEP that carries a copy of the
  // record.
  kDisclosed = 23,
  // The first 23 bytes of the name of an attachment. Position is that of a STEP of either exchange
  // ledger that names it.
  kAttachment = 24,
  // 23 zero bytes: the STEPs that name attachments, in the order of their ledgers.
  kAttachmentStep = 25,
};

}  // namespace lintas

#endif  // LINTAS_SERVER_RECORDS_DERIVED_H_
