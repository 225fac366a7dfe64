// Whether text may be stored: well-formed UTF-8 without control characters. Pure, any thread.
#ifndef LINTAS_SERVER_MATCHING_TEXT_H_
#define LINTAS_SERVER_MATCHING_TEXT_H_

#include "absl/strings/string_view.h"

namespace lintas::matching {

enum class TextFault {
  kNone,
  // Not well-formed UTF-8 (RFC 3629): overlong, surrogate, above U+10FFFF, cut off.
  kNotUtf8,
  // C0 or C1 control, or a sign that turns the direction of what follows (U+202A to U+202E, U+2066
  // to U+2069): both can make a screen show another text than the one stored.
  kControlCharacter,
};

// The first fault in `text`. ASCII costs about a nanosecond for eight bytes.
TextFault CheckText(absl::string_view text);

// Reads the code point at `text[*at]` and moves `*at` behind it. -1 if the bytes there are not
// well-formed; `*at` then moves by one byte. `*at` must be below the size.
int NextCodePoint(absl::string_view text, size_t* at);

}  // namespace lintas::matching

#endif  // LINTAS_SERVER_MATCHING_TEXT_H_
