// What the partner would see of records before they are handed in, by an agreement: per record what
// is replicated, what only an answer may carry, what stays at home and why, and what the partner
// could infer from it. Works offline and changes nothing. The node's own rule is
// server/agreement/release.h; a test holds both together. Not thread safe.
#ifndef LINTAS_CLIENT_SHARE_PREVIEW_H_
#define LINTAS_CLIENT_SHARE_PREVIEW_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "client/record.h"
#include "lintas/agreement/v1/agreement.pb.h"

namespace lintas::client {

enum class Fate { kReplicated, kOnRequest, kStaysHome };

// What becomes of one record. Names of fields only, never a value.
struct RecordFate {
  std::string type;
  Fate fate = Fate::kStaysHome;
  // Of what stays at home or on request: TYPE_NOT_AGREED, NO_NATIONALITY, THIRD_COUNTRY,
  // ON_REQUEST, NOTHING_TO_RELEASE. Empty if it is replicated.
  std::string reason;
  // Sections that the partner holds once it is replicated.
  std::vector<int> released_sections;
  // Filled fields that do not go with it.
  std::vector<std::string> withheld_fields;
  // Sections that a justified request may still be answered with.
  std::vector<int> request_sections;
};

std::string FateName(Fate fate);
// One sentence on a reason, with its rule.
std::string ReasonText(const std::string& reason);
// `BASIC SENSITIVE`.
std::string SectionNames(const std::vector<int>& sections);

// One thing that the partner could infer.
struct Inference {
  std::string code;  // SMALL_GROUP, TOLD_BY_ANOTHER_FIELD, TOLD_BY_ANOTHER_RECORD.
  uint64_t count = 0;
  std::string text;
};

class SharePreview {
 public:
  explicit SharePreview(agreement::v1::Agreement agreement) : agreement_(std::move(agreement)) {}

  // Judges the record and counts it.
  RecordFate Add(const AnyRecord& record);

  // `type|fate|reason` to records.
  const std::map<std::string, uint64_t>& counts() const { return counts_; }
  // Of all records so far. What it finds is not all that there is: it knows these records only.
  std::vector<Inference> Inferences() const;
  // True if there were more documents than are kept to join records by.
  bool joins_cut() const { return joins_cut_; }

  // Groups of fewer records than this let each person in them be told.
  static constexpr uint64_t kSmallGroup = 5;
  // Documents kept to join records by.
  static constexpr size_t kJoinsMax = 1'000'000;

 private:
  RecordFate Judge(const RecordKind& kind, const google::protobuf::Message& record,
                   const std::vector<std::string>& nationalities) const;
  void NoteHints(const RecordFate& fate, const google::protobuf::Message& record);
  void NoteJoins(const RecordFate& fate, const google::protobuf::Message& record);

  const agreement::v1::Agreement agreement_;
  std::map<std::string, uint64_t> counts_;
  // Replicated records by `type|nationality`.
  std::map<std::string, uint64_t> groups_;
  // By index into the table of hints.
  std::map<size_t, uint64_t> hints_;
  // Hashes of documents with a released port, and with a withheld address.
  std::set<size_t> with_port_, with_address_;
  bool joins_cut_ = false;
};

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_SHARE_PREVIEW_H_
