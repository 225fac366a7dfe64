// LINTAS_CHECK: what only our own mistake can cause. Kept in release builds. One condition each.
#ifndef LINTAS_SERVER_BASE_CHECK_H_
#define LINTAS_SERVER_BASE_CHECK_H_

namespace lintas {
// Writes the place and the condition (never a value: values may be about people) and aborts.
[[noreturn]] void CheckFailed(const char* file, int line, const char* condition);
}  // namespace lintas

#define LINTAS_CHECK(condition)                      \
  (__builtin_expect(static_cast<bool>(condition), 1) \
       ? static_cast<void>(0)                        \
       : ::lintas::CheckFailed(__FILE__, __LINE__, #condition))

#endif  // LINTAS_SERVER_BASE_CHECK_H_
