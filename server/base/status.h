// Status macros. Errors are values (absl::Status); these pass them on.
#ifndef LINTAS_SERVER_BASE_STATUS_H_
#define LINTAS_SERVER_BASE_STATUS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Returns from the enclosing function if `expr` (a Status) is not OK.
#define RETURN_IF_ERROR(expr)                        \
  do {                                               \
    ::absl::Status lintas_status_ = (expr);          \
    if (!lintas_status_.ok()) return lintas_status_; \
  } while (false)

#define LINTAS_CONCAT_INNER_(a, b) a##b
#define LINTAS_CONCAT_(a, b) LINTAS_CONCAT_INNER_(a, b)

// Assigns the value of `expr` (a StatusOr) to `lhs`, or returns its error.
#define ASSIGN_OR_RETURN(lhs, expr) \
  ASSIGN_OR_RETURN_INNER_(LINTAS_CONCAT_(lintas_statusor_, __LINE__), lhs, expr)
#define ASSIGN_OR_RETURN_INNER_(var, lhs, expr)  \
  auto var = (expr);                             \
  if (!var.ok()) return std::move(var).status(); \
  lhs = *std::move(var)

#endif  // LINTAS_SERVER_BASE_STATUS_H_
