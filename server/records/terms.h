// Search terms of a record (derived.h, kinds 1 to 5): what the fold stores and what a search asks
// for are made here, so that they are equal. Pure, any thread.
#ifndef LINTAS_SERVER_RECORDS_TERMS_H_
#define LINTAS_SERVER_RECORDS_TERMS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "server/crypto/token.h"
#include "server/ledger/entry.h"
#include "server/matching/normalise.h"

namespace lintas {

// One term from what a person or a source wrote. An empty body if nothing is left after
// normalising: such a term finds nothing and must not be stored.
DerivedTerm DocumentTerm(const Tokenizer& tokens, absl::string_view number);
DerivedTerm NationalTerm(const Tokenizer& tokens, absl::string_view number);
DerivedTerm PermitTerm(const Tokenizer& tokens, absl::string_view number);
// Empty if nothing of the date is known or the date is none.
DerivedTerm BirthTerm(const Tokenizer& tokens, const matching::CivilDate& date);
// One per word of `name`, each cut to 23 bytes.
void AppendNameTerms(absl::string_view name, std::vector<DerivedTerm>* terms);

// Where a type's terms stand, read once from its descriptors. Immutable.
class TermPlan {
 public:
  explicit TermPlan(const google::protobuf::Descriptor* descriptor);
  ~TermPlan();
  TermPlan(const TermPlan&) = delete;
  TermPlan& operator=(const TermPlan&) = delete;

  // Appends the record's terms, each once. `record` must be of the plan's type.
  void Extract(const google::protobuf::Message& record, const Tokenizer& tokens,
               std::vector<DerivedTerm>* terms) const;
  // Upper-case codes in fields marked NATIONALITY, in order, each once.
  std::vector<std::string> Nationalities(const google::protobuf::Message& record) const;

 private:
  struct Level;
  class Walk;
  static std::unique_ptr<Level> Compile(const google::protobuf::Descriptor* descriptor, bool top);

  std::unique_ptr<Level> top_;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_RECORDS_TERMS_H_
