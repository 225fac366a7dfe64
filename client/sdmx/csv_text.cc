#include "client/sdmx/csv_text.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace lintas::sdmx {

CsvText::CsvText(absl::string_view text, char separator) : text_(text), separator_(separator) {
  if (absl::StartsWith(text_, "\xef\xbb\xbf")) at_ = 3;
}

bool CsvText::AtLineEnd() const {
  return at_ >= text_.size() || text_[at_] == '\n' || text_[at_] == '\r';
}

void CsvText::TakeLineEnd() {
  if (at_ >= text_.size()) return;
  if (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++at_;
  ++at_;
  ++line_;
}

bool CsvText::QuotedField(std::string* field) {
  ++at_;
  while (at_ < text_.size()) {
    const char c = text_[at_++];
    if (c != '"') {
      if (c == '\n' || (c == '\r' && !(at_ < text_.size() && text_[at_] == '\n'))) ++line_;
      field->push_back(c);
    } else if (at_ < text_.size() && text_[at_] == '"') {
      field->push_back('"');
      ++at_;
    } else {
      return AtLineEnd() || text_[at_] == separator_;
    }
  }
  return false;  // Never closed.
}

bool CsvText::Next(CsvRecord* record) {
  record->fields.clear();
  while (at_ < text_.size() && AtLineEnd()) TakeLineEnd();
  if (at_ >= text_.size() || malformed_) return false;
  record_line_ = record->line = line_;
  while (true) {
    std::string field;
    if (!AtLineEnd() && text_[at_] == '"') {
      malformed_ = !QuotedField(&field);
    } else {
      while (!AtLineEnd() && text_[at_] != separator_) {
        if (text_[at_] == '"') malformed_ = true;
        field.push_back(text_[at_++]);
      }
    }
    if (malformed_) return false;
    record->fields.push_back(std::move(field));
    if (AtLineEnd()) break;
    ++at_;  // The separator.
  }
  TakeLineEnd();
  return true;
}

bool IsUtf8(absl::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    size_t length = 1;
    uint32_t least = 0;
    uint32_t point = lead;
    if (lead >= 0xf0 && lead <= 0xf4) {
      length = 4;
      least = 0x10000;
      point = lead & 0x07;
    } else if (lead >= 0xe0 && lead < 0xf0) {
      length = 3;
      least = 0x800;
      point = lead & 0x0f;
    } else if (lead >= 0xc2 && lead < 0xe0) {
      length = 2;
      least = 0x80;
      point = lead & 0x1f;
    } else if (lead >= 0x80) {
      return false;
    }
    if (i + length > text.size()) return false;
    for (size_t k = 1; k < length; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xc0) != 0x80) return false;
      point = (point << 6) | (next & 0x3f);
    }
    if (point < least || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return false;
    i += length;
  }
  return true;
}

std::string CsvField(absl::string_view value, char separator) {
  const char special[] = {separator, '"', '\n', '\r'};
  if (value.find_first_of(absl::string_view(special, sizeof(special))) == absl::string_view::npos) {
    return std::string(value);
  }
  return absl::StrCat("\"", absl::StrReplaceAll(value, {{"\"", "\"\""}}), "\"");
}

}  // namespace lintas::sdmx
