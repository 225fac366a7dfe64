// Every ErrorInfo.reason that admission gives. None depends on what the node holds.
#ifndef LINTAS_SERVER_ADMISSION_REASONS_H_
#define LINTAS_SERVER_ADMISSION_REASONS_H_

namespace lintas {

// PERMISSION_DENIED: the principal is of another country, or a node.
constexpr char kNotServedHere[] = "NOT_SERVED_HERE";
// PERMISSION_DENIED: the role may do this for no purpose. Metadata: role, operation.
constexpr char kOperationNotGranted[] = "OPERATION_NOT_GRANTED";
// PERMISSION_DENIED: no purpose given, an unknown one, or one for which the role may not do this.
// Metadata: role, operation, purposes (those for which it may, joined by commas).
constexpr char kPurposeNotGranted[] = "PURPOSE_NOT_GRANTED";
// PERMISSION_DENIED: the purpose needs a case. Metadata: purpose.
constexpr char kCaseRequired[] = "CASE_REQUIRED";
// PERMISSION_DENIED: the case is held by another attaché.
constexpr char kCaseOfAnother[] = "CASE_OF_ANOTHER";
// UNAVAILABLE: a stream was opened under an agreement that is not in force any more.
constexpr char kAgreementChanged[] = "AGREEMENT_CHANGED";
// UNAVAILABLE: the access entry could not be made durable, so nothing was answered.
constexpr char kAccessNotRecorded[] = "ACCESS_NOT_RECORDED";
// NOT_FOUND: absent, protected and undisclosable (P26).
constexpr char kNothingToShareReason[] = "NOTHING_TO_SHARE";
// INTERNAL: our own mistake; the log has more under the trace id.
constexpr char kInternalReason[] = "INTERNAL";

}  // namespace lintas

#endif  // LINTAS_SERVER_ADMISSION_REASONS_H_
