#include "server/crypto/chip/security_object.h"

#include <openssl/objects.h>

#include "absl/strings/match.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/crypto/chip/algorithms.h"
#include "server/crypto/chip/der.h"

namespace lintas::chip {
namespace {

using absl::string_view;

constexpr uint32_t kSodTag = 0x77, kGroup1Tag = 0x61, kZoneTag = 0x5F1F;
constexpr string_view kSignedDataOid = "1.2.840.113549.1.7.2";

absl::Status Broken(string_view reason, string_view message) {
  return MakeError(absl::StatusCode::kInvalidArgument, reason, message);
}

// Dotted; empty if the element is no object identifier.
std::string OidText(const Element& element) {
  if (element.tag != kObjectId) return "";
  const auto* bytes = reinterpret_cast<const unsigned char*>(element.whole.data());
  ASN1_OBJECT* object = d2i_ASN1_OBJECT(nullptr, &bytes, static_cast<long>(element.whole.size()));
  if (object == nullptr) return "";
  char text[128] = {};
  const int size = OBJ_obj2txt(text, sizeof text, object, /*no_name=*/1);
  ASN1_OBJECT_free(object);
  return size > 0 && size < static_cast<int>(sizeof text) ? std::string(text) : "";
}

// What tag 0x77 wraps, all of it.
absl::StatusOr<string_view> Unwrap(string_view file) {
  DerReader reader(file);
  if (reader.Peek() != kSodTag) return Broken("SOD_TAG", "the file does not begin with tag 77");
  Element outer;
  if (!reader.Next(&outer)) {
    return Broken("SOD_LENGTH", "the file ends before the length that it states");
  }
  if (!reader.done()) return Broken("SOD_TRAILING_BYTES", "bytes follow the security object");
  return outer.content;
}

// The LDS security object inside the SignedData, whose version and content type must be ICAO's.
absl::StatusOr<string_view> ContentOf(string_view cms) {
  const absl::Status not_der = Broken("SOD_NOT_DER", "the signed data is not DER");
  DerReader outer(cms);
  Element info, type, explicit0, data, version, algorithms, encapsulated;
  if (!outer.Next(kSequence, &info)) return not_der;
  if (!outer.done()) return Broken("SOD_TRAILING_BYTES", "bytes follow the signed data");
  DerReader inner(info.content);
  if (!inner.Next(kObjectId, &type) || !inner.Next(kContext0, &explicit0)) return not_der;
  if (OidText(type) != kSignedDataOid) return Broken("CONTENT_TYPE", "no CMS signed data");
  if (!inner.done()) return Broken("SOD_TRAILING_BYTES", "bytes follow the signed data");
  DerReader signed_data(explicit0.content);
  if (!signed_data.Next(kSequence, &data) || !signed_data.done()) return not_der;
  DerReader fields(data.content);
  if (!fields.Next(kInteger, &version) || !fields.Next(kSet, &algorithms) ||
      !fields.Next(kSequence, &encapsulated)) {
    return not_der;
  }
  if (SmallInteger(version) != 3) {
    return Broken("SIGNED_DATA_VERSION", "the version of the signed data is not 3");
  }
  DerReader content(encapsulated.content);
  Element content_type, content0, octets;
  if (!content.Next(kObjectId, &content_type)) return not_der;
  if (OidText(content_type) != kSecurityObjectOid) {
    return Broken("CONTENT_TYPE", "the signed content is no LDS security object");
  }
  if (!content.Next(kContext0, &content0) || !content.done()) return not_der;
  DerReader wrapped(content0.content);
  if (!wrapped.Next(kOctetString, &octets) || !wrapped.done()) return not_der;
  return octets.content;
}

absl::Status ReadHashes(string_view list, SecurityObject* object) {
  DerReader reader(list);
  while (!reader.done()) {
    Element pair, number, value;
    if (!reader.Next(kSequence, &pair))
      return Broken("LDS_OBJECT", "a group's hash cannot be read");
    DerReader parts(pair.content);
    if (!parts.Next(kInteger, &number) || !parts.Next(kOctetString, &value) || !parts.done()) {
      return Broken("LDS_OBJECT", "a group's hash cannot be read");
    }
    const int group = SmallInteger(number);
    if (group < 1 || group > kGroupMax) return Broken("UNKNOWN_GROUP", "groups are 1 to 16");
    if (value.content.size() != HashSize(object->hash)) {
      return Broken("HASH_LENGTH", "a group's hash has another length than its algorithm");
    }
    if (!object->hashes.emplace(group, std::string(value.content)).second) {
      return Broken("DUPLICATE_GROUP", "a group has two hashes");
    }
  }
  if (object->hashes.empty()) return Broken("LDS_OBJECT", "no group has a hash");
  return absl::OkStatus();
}

// Version 1 carries the LDS and Unicode versions, version 0 does not.
absl::Status ReadVersions(DerReader* fields, SecurityObject* object) {
  if (object->version == 0 && fields->done()) return absl::OkStatus();
  Element info, lds, unicode;
  if (object->version != 1 || !fields->Next(kSequence, &info) || !fields->done()) {
    return Broken("LDS_VERSION", "version information and version do not agree");
  }
  DerReader parts(info.content);
  if (!parts.Next(kPrintable, &lds) || !parts.Next(kPrintable, &unicode) || !parts.done()) {
    return Broken("LDS_VERSION", "the version information cannot be read");
  }
  object->lds_version = std::string(lds.content);
  object->unicode_version = std::string(unicode.content);
  return absl::OkStatus();
}

absl::Status ReadLdsObject(string_view content, SecurityObject* object) {
  DerReader outer(content);
  Element sequence, version, algorithm, oid, list;
  if (!outer.Next(kSequence, &sequence) || !outer.done()) {
    return Broken("LDS_OBJECT", "the LDS security object cannot be read");
  }
  DerReader fields(sequence.content);
  if (!fields.Next(kInteger, &version) || !fields.Next(kSequence, &algorithm) ||
      !fields.Next(kSequence, &list)) {
    return Broken("LDS_OBJECT", "the LDS security object cannot be read");
  }
  object->version = SmallInteger(version);
  if (object->version != 0 && object->version != 1) {
    return Broken("LDS_VERSION", "the version of the LDS security object is not 0 or 1");
  }
  DerReader algorithm_fields(algorithm.content);
  if (!algorithm_fields.Next(kObjectId, &oid)) {
    return Broken("LDS_OBJECT", "the hash algorithm cannot be read");
  }
  object->hash = std::string(HashOfOid(OidText(oid)));
  if (object->hash.empty()) {
    return Broken("UNKNOWN_HASH", "the groups are hashed by an algorithm that is not allowed");
  }
  RETURN_IF_ERROR(ReadHashes(list.content, object));
  return ReadVersions(&fields, object);
}

}  // namespace

absl::StatusOr<SecurityObject> ParseSecurityObject(string_view file) {
  SecurityObject object;
  ASSIGN_OR_RETURN(const string_view cms, Unwrap(file));
  object.cms = std::string(cms);
  ASSIGN_OR_RETURN(const string_view content, ContentOf(cms));
  RETURN_IF_ERROR(ReadLdsObject(content, &object));
  return object;
}

absl::StatusOr<std::string> ZoneOfGroup1(string_view file) {
  const absl::Status broken = Broken("DG1_FORM", "EF.DG1 holds no machine-readable zone");
  DerReader reader(file);
  Element group, zone;
  if (!reader.Next(kGroup1Tag, &group) || !reader.done()) return broken;
  DerReader inner(group.content);
  if (!inner.Next(kZoneTag, &zone) || !inner.done()) return broken;
  const size_t size = zone.content.size();
  if (size != 72 && size != 88 && size != 90) return broken;
  return std::string(zone.content);
}

}  // namespace lintas::chip
