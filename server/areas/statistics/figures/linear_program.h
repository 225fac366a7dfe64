// A small linear program over bounded variables, solved by the simplex method from a point that is
// known to be feasible. Disclosure control asks it how far a hidden cell may move while everything
// published stays as it is. It need not be trusted: the point it ends at is checked against the
// rows as they were given, so a wrong turn can cost a proof, never make a false one.
//
// Dense: memory is rows times columns. Not thread safe.
#ifndef LINTAS_SERVER_AREAS_STATISTICS_FIGURES_LINEAR_PROGRAM_H_
#define LINTAS_SERVER_AREAS_STATISTICS_FIGURES_LINEAR_PROGRAM_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace lintas::statistics {

class LinearProgram {
 public:
  static constexpr double kInfinity = std::numeric_limits<double>::infinity();
  // A variable and its factor.
  using Term = std::pair<size_t, double>;

  // A variable within bounds that begins at `value`, which lies within them.
  size_t AddVariable(double lower, double upper, double value);
  // A variable that equals the sum of `terms` over variables from AddVariable(). Its value, which
  // follows from theirs, must lie within the bounds.
  size_t AddRow(std::vector<Term> terms, double lower, double upper);

  // Ends the adding: rows whose bounds leave them no room are solved for, so that what is left are
  // the moves that change none of them.
  void Prepare();

  // Back to the first point and to the tableau of Prepare(), so that rounding does not add up.
  void Reset();
  // Narrower or wider bounds for a row, in which its value lies. Not for a row that had no room
  // when Prepare() ran.
  void SetBounds(size_t variable, double lower, double upper);

  // Moves to where the sum of costs is largest. True if it got there; false if it gave up (too many
  // steps) or the sum has no bound. The point stays feasible either way.
  bool Maximise(const std::vector<Term>& costs);

  double value(size_t variable) const { return value_[variable]; }
  // The values of all variables. A point that was left can be gone back to until Reset().
  const std::vector<double>& point() const { return value_; }
  void GoTo(std::vector<double> point) { value_ = std::move(point); }
  // True if the point satisfies all bounds and all rows as given, within `tolerance`.
  bool Holds(double tolerance) const;

 private:
  static constexpr size_t kNowhere = std::numeric_limits<size_t>::max();

  double& At(size_t row, size_t column) { return tableau_[row * width_ + column]; }
  double At(size_t row, size_t column) const { return tableau_[row * width_ + column]; }
  bool IsFixed(size_t variable) const { return lower_[variable] == upper_[variable]; }
  void Pivot(size_t row, size_t column);
  void DropFixedColumns();
  size_t Entering(const std::vector<double>& gains, bool shuffled, double* direction);
  bool Step(size_t column, double direction, bool shuffled, bool* moved);
  std::vector<double> Gains() const;
  double Draw();

  std::vector<double> lower_, upper_, start_, value_, cost_;
  std::vector<std::vector<Term>> terms_;  // Of each row variable, in order of rows_.
  std::vector<size_t> rows_;              // Row variables.
  // The tableau: basic_[i] = constant + the sum over j of At(i, j) * column_[j]. Columns whose
  // variable has no room are taken out; they are part of the constant.
  std::vector<size_t> basic_, column_, first_basic_, first_column_;
  std::vector<double> tableau_, first_tableau_;
  size_t width_ = 0;
  uint64_t random_ = 1;
};

}  // namespace lintas::statistics

#endif  // LINTAS_SERVER_AREAS_STATISTICS_FIGURES_LINEAR_PROGRAM_H_
