#include "server/records/terms.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "lintas/options/v1/options.pb.h"
#include "lintas/types/v1/types.pb.h"
#include "server/base/check.h"
#include "server/records/derived.h"

namespace lintas {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using options::v1::Field;

DerivedTerm TokenTerm(uint8_t kind, const Tokenizer& tokens, absl::string_view domain,
                      absl::string_view normalised) {
  DerivedTerm term;
  term.kind = kind;
  if (normalised.empty()) return term;
  const Token token = tokens.Make(domain, normalised);
  term.body.assign(token.data(), token.size());
  return term;
}

bool SameTerm(const DerivedTerm& a, const DerivedTerm& b) {
  return a.kind == b.kind && a.body == b.body;
}

// A record has some ten terms: looking through them is cheaper than a set.
void AddOnce(size_t begin, DerivedTerm term, std::vector<DerivedTerm>* terms) {
  if (term.body.empty()) return;
  const auto from = terms->begin() + static_cast<std::ptrdiff_t>(begin);
  const auto same = [&](const DerivedTerm& other) { return SameTerm(term, other); };
  if (std::none_of(from, terms->end(), same)) terms->push_back(std::move(term));
}

Field::Term TermOf(const FieldDescriptor& field) {
  return field.options().GetExtension(options::v1::field).term();
}

// A wrong declaration is our own mistake.
void CheckDeclaration(const FieldDescriptor& field, Field::Term term) {
  if (term == Field::NAME) {
    LINTAS_CHECK(field.type() == FieldDescriptor::TYPE_STRING ||
                 field.message_type() == types::v1::PersonName::descriptor());
  } else if (term == Field::BIRTH_DATE) {
    LINTAS_CHECK(field.message_type() == types::v1::PartialDate::descriptor());
  } else {
    LINTAS_CHECK(field.type() == FieldDescriptor::TYPE_STRING);
  }
}

}  // namespace

DerivedTerm DocumentTerm(const Tokenizer& tokens, absl::string_view number) {
  return TokenTerm(kTermDocument, tokens, "document", matching::NormaliseDocumentNumber(number));
}

DerivedTerm NationalTerm(const Tokenizer& tokens, absl::string_view number) {
  return TokenTerm(kTermNational, tokens, "national", matching::NormaliseNationalNumber(number));
}

DerivedTerm PermitTerm(const Tokenizer& tokens, absl::string_view number) {
  return TokenTerm(kTermPermit, tokens, "permit", matching::NormalisePermitNumber(number));
}

DerivedTerm BirthTerm(const Tokenizer& tokens, const matching::CivilDate& date) {
  const bool known = date.year != 0 || date.month != 0 || date.day != 0;
  if (!known || !matching::IsPartialDate(date)) return TokenTerm(kTermBirth, tokens, "birth", "");
  return TokenTerm(kTermBirth, tokens, "birth", matching::FormatPartialDate(date));
}

void AppendNameTerms(absl::string_view name, std::vector<DerivedTerm>* terms) {
  const size_t begin = terms->size();
  std::vector<std::string> words;
  matching::NormaliseName(name, &words);
  for (std::string& word : words) {
    if (word.size() > DerivedKey::kBodyMax) word.resize(DerivedKey::kBodyMax);
    AddOnce(begin, DerivedTerm{kTermNameWord, std::move(word)}, terms);
  }
}

struct TermPlan::Level {
  struct Entry {
    const FieldDescriptor* field;
    Field::Term term;
    std::unique_ptr<Level> below;  // For a message without a term of its own.
  };
  std::vector<Entry> entries;
  // Whether a NATIONALITY, or another term, stands on this level or below.
  bool nationality = false;
  bool others = false;
};

class TermPlan::Walk {
 public:
  Walk(const Tokenizer* tokens, std::vector<DerivedTerm>* terms,
       std::vector<std::string>* nationalities)
      : tokens_(tokens),
        terms_(terms),
        nationalities_(nationalities),
        begin_(terms == nullptr ? 0 : terms->size()) {}

  void Visit(const Level& level, const Message& message) {
    if (nationalities_ != nullptr ? !level.nationality : !level.others) return;
    const Reflection& reflection = *message.GetReflection();
    for (const Level::Entry& entry : level.entries) {
      if (entry.term != Field::TERM_UNSPECIFIED &&
          (entry.term == Field::NATIONALITY) != (nationalities_ != nullptr)) {
        continue;
      }
      VisitField(entry, reflection, message);
    }
  }

 private:
  void VisitField(const Level::Entry& entry, const Reflection& reflection, const Message& message) {
    const FieldDescriptor* field = entry.field;
    const bool is_message = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (field->is_repeated()) {
      const int count = reflection.FieldSize(message, field);
      for (int i = 0; i < count; ++i) {
        if (is_message) {
          VisitMessage(entry, reflection.GetRepeatedMessage(message, field, i));
        } else {
          VisitText(entry.term,
                    reflection.GetRepeatedStringReference(message, field, i, &scratch_));
        }
      }
    } else if (is_message) {
      if (reflection.HasField(message, field)) {
        VisitMessage(entry, reflection.GetMessage(message, field));
      }
    } else {
      VisitText(entry.term, reflection.GetStringReference(message, field, &scratch_));
    }
  }

  void VisitMessage(const Level::Entry& entry, const Message& message) {
    if (entry.term == Field::NAME) {
      const auto& name = static_cast<const types::v1::PersonName&>(message);
      AddName(name.family_name());
      AddName(name.given_name());
      AddName(name.native_script());
    } else if (entry.term == Field::BIRTH_DATE) {
      const auto& date = static_cast<const types::v1::PartialDate&>(message);
      Add(BirthTerm(*tokens_, {date.year(), date.month(), date.day()}));
    } else {
      Visit(*entry.below, message);
    }
  }

  void VisitText(Field::Term term, const std::string& text) {
    if (text.empty()) return;
    switch (term) {
      case Field::DOCUMENT_NUMBER:
        return Add(DocumentTerm(*tokens_, text));
      case Field::NATIONAL_NUMBER:
        return Add(NationalTerm(*tokens_, text));
      case Field::PERMIT_NUMBER:
        return Add(PermitTerm(*tokens_, text));
      case Field::NATIONALITY:
        return AddNationality(text);
      case Field::NAME:
        return AddName(text);
      default:
        return;
    }
  }

  void AddNationality(const std::string& text) {
    std::string code = absl::AsciiStrToUpper(text);
    auto& all = *nationalities_;
    if (std::find(all.begin(), all.end(), code) == all.end()) all.push_back(std::move(code));
  }

  void AddName(const std::string& name) {
    if (name.empty()) return;
    words_.clear();
    matching::NormaliseName(name, &words_);
    for (std::string& word : words_) {
      if (word.size() > DerivedKey::kBodyMax) word.resize(DerivedKey::kBodyMax);
      Add(DerivedTerm{kTermNameWord, std::move(word)});
    }
  }

  void Add(DerivedTerm term) { AddOnce(begin_, std::move(term), terms_); }

  const Tokenizer* tokens_;
  std::vector<DerivedTerm>* terms_;
  std::vector<std::string>* nationalities_;
  size_t begin_;
  std::vector<std::string> words_;
  std::string scratch_;
};

std::unique_ptr<TermPlan::Level> TermPlan::Compile(const Descriptor* descriptor, bool top) {
  auto level = std::make_unique<Level>();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    // `name` and `meta` are the node's, not the source's.
    if (top && !field->options().HasExtension(options::v1::field)) continue;
    const Field::Term term = TermOf(*field);
    if (term != Field::TERM_UNSPECIFIED) {
      CheckDeclaration(*field, term);
      level->entries.push_back({field, term, nullptr});
      (term == Field::NATIONALITY ? level->nationality : level->others) = true;
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      std::unique_ptr<Level> below = Compile(field->message_type(), false);
      if (below->entries.empty()) continue;
      level->nationality |= below->nationality;
      level->others |= below->others;
      level->entries.push_back({field, term, std::move(below)});
    }
  }
  return level;
}

TermPlan::TermPlan(const Descriptor* descriptor) : top_(Compile(descriptor, true)) {}
TermPlan::~TermPlan() = default;

void TermPlan::Extract(const Message& record, const Tokenizer& tokens,
                       std::vector<DerivedTerm>* terms) const {
  Walk(&tokens, terms, nullptr).Visit(*top_, record);
}

std::vector<std::string> TermPlan::Nationalities(const Message& record) const {
  std::vector<std::string> nationalities;
  Walk(nullptr, nullptr, &nationalities).Visit(*top_, record);
  return nationalities;
}

}  // namespace lintas
