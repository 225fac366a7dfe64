// Text of strangers on a terminal: files, chips and the other country's records write no control
// sequence to it. Pure; safe from any thread.
#ifndef LINTAS_CLIENT_TERMINAL_TEXT_H_
#define LINTAS_CLIENT_TERMINAL_TEXT_H_

#include <algorithm>
#include <string>

#include "absl/strings/string_view.h"

namespace lintas::client {

// Code points. Khmer vowel signs take no column of their own, so that such a cell may be a little
// narrow; it never shifts the cells before it.
inline size_t Width(absl::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

// Each control character as `?`: C0, DEL, and U+0080 to U+009F, the one-character forms of terminal
// sequences.
inline std::string WithoutControls(std::string text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7f) text[i] = '?';
    if (byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) {
      text.replace(i, 2, "?");
    }
  }
  return text;
}

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_TERMINAL_TEXT_H_
