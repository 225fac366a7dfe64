#include "server/areas/statistics/figures/linear_program.h"

#include <algorithm>
#include <cmath>

namespace lintas::statistics {
namespace {

// Below it a number of the tableau is a zero that rounding left. Entries begin as 0, 1 and -1.
constexpr double kZero = 1e-7;
// A gain below it is none; costs are of the order of one and above.
constexpr double kGainMin = 1e-6;
// After so many steps without a move in a row steps are drawn, so that none runs in circles.
constexpr int kIdleStepsMax = 20;
constexpr int kStepsMax = 5000;

}  // namespace

size_t LinearProgram::AddVariable(double lower, double upper, double value) {
  lower_.push_back(lower);
  upper_.push_back(upper);
  start_.push_back(value);
  return lower_.size() - 1;
}

size_t LinearProgram::AddRow(std::vector<Term> terms, double lower, double upper) {
  double value = 0;
  for (const Term& term : terms) value += term.second * start_[term.first];
  const size_t variable = AddVariable(lower, upper, value);
  rows_.push_back(variable);
  terms_.push_back(std::move(terms));
  return variable;
}

void LinearProgram::Prepare() {
  std::vector<size_t> place(lower_.size(), kNowhere);
  std::vector<bool> is_row(lower_.size(), false);
  for (size_t row : rows_) is_row[row] = true;
  for (size_t v = 0; v < lower_.size(); ++v) {
    if (is_row[v] || IsFixed(v)) continue;
    place[v] = column_.size();
    column_.push_back(v);
  }
  width_ = column_.size();
  basic_ = rows_;
  tableau_.assign(basic_.size() * width_, 0.0);
  for (size_t i = 0; i < basic_.size(); ++i) {
    for (const Term& term : terms_[i]) {
      if (place[term.first] != kNowhere) At(i, place[term.first]) += term.second;
    }
  }
  for (size_t i = 0; i < basic_.size(); ++i) {
    if (!IsFixed(basic_[i])) continue;
    size_t best = kNowhere;
    for (size_t j = 0; j < width_; ++j) {
      if (IsFixed(column_[j]) || std::abs(At(i, j)) < kZero) continue;
      if (best == kNowhere || std::abs(At(i, j)) > std::abs(At(i, best)) + kZero) best = j;
    }
    // A row without a pivot follows from the others.
    if (best != kNowhere) Pivot(i, best);
  }
  DropFixedColumns();
  cost_.assign(lower_.size(), 0.0);
  value_ = start_;
  first_basic_ = basic_;
  first_column_ = column_;
  first_tableau_ = tableau_;
}

void LinearProgram::DropFixedColumns() {
  std::vector<size_t> kept;
  for (size_t j = 0; j < width_; ++j) {
    if (!IsFixed(column_[j])) kept.push_back(j);
  }
  std::vector<double> narrow;
  narrow.reserve(basic_.size() * kept.size());
  std::vector<size_t> basic;
  for (size_t i = 0; i < basic_.size(); ++i) {
    if (IsFixed(basic_[i])) continue;  // Zero over every column that can move.
    basic.push_back(basic_[i]);
    for (size_t j : kept) narrow.push_back(At(i, j));
  }
  std::vector<size_t> column;
  column.reserve(kept.size());
  for (size_t j : kept) column.push_back(column_[j]);
  basic_ = std::move(basic);
  column_ = std::move(column);
  tableau_ = std::move(narrow);
  width_ = column_.size();
}

void LinearProgram::Reset() {
  value_ = start_;
  basic_ = first_basic_;
  column_ = first_column_;
  tableau_ = first_tableau_;
}

void LinearProgram::SetBounds(size_t variable, double lower, double upper) {
  lower_[variable] = lower;
  upper_[variable] = upper;
}

// Solves row `row` for column `column`'s variable: both change places.
void LinearProgram::Pivot(size_t row, size_t column) {
  const double inverse = 1.0 / At(row, column);
  std::vector<size_t> touched;
  double* const pivot_row = &tableau_[row * width_];
  for (size_t j = 0; j < width_; ++j) {
    if (j == column || pivot_row[j] == 0.0) continue;
    pivot_row[j] *= -inverse;
    if (std::abs(pivot_row[j]) < kZero) {
      pivot_row[j] = 0.0;
    } else {
      touched.push_back(j);
    }
  }
  pivot_row[column] = inverse;
  for (size_t i = 0; i < basic_.size(); ++i) {
    if (i == row) continue;
    double* const other = &tableau_[i * width_];
    const double factor = other[column];
    if (factor == 0.0) continue;
    for (size_t j : touched) {
      const double sum = other[j] + factor * pivot_row[j];
      other[j] = std::abs(sum) < kZero ? 0.0 : sum;
    }
    other[column] = factor * inverse;
  }
  std::swap(basic_[row], column_[column]);
}

std::vector<double> LinearProgram::Gains() const {
  std::vector<double> gains(width_);
  for (size_t j = 0; j < width_; ++j) gains[j] = cost_[column_[j]];
  for (size_t i = 0; i < basic_.size(); ++i) {
    const double cost = cost_[basic_[i]];
    if (cost == 0.0) continue;
    const double* const row = &tableau_[i * width_];
    for (size_t j = 0; j < width_; ++j) gains[j] += cost * row[j];
  }
  return gains;
}

// From (0, 1], the same in every run.
double LinearProgram::Draw() {
  random_ = random_ * 6364136223846793005u + 1442695040888963407u;
  return (static_cast<double>(random_ >> 33) + 1) / 2147483648.0;
}

// The column whose variable is to move: with the largest gain or, if `shuffled`, one drawn among
// those that gain. kNowhere at the best point.
size_t LinearProgram::Entering(const std::vector<double>& gains, bool shuffled, double* direction) {
  size_t best = kNowhere;
  double best_score = 0;
  for (size_t j = 0; j < width_; ++j) {
    const size_t v = column_[j];
    if (std::abs(gains[j]) < kGainMin || IsFixed(v)) continue;
    const bool up = gains[j] > 0;
    if (up ? value_[v] >= upper_[v] - kZero : value_[v] <= lower_[v] + kZero) continue;
    const double score = std::abs(gains[j]) * (shuffled ? Draw() : 1.0);
    if (best != kNowhere && score <= best_score) continue;
    best = j;
    best_score = score;
    *direction = up ? 1.0 : -1.0;
  }
  return best;
}

// Moves column `column`'s variable as far as all bounds let it. False if none holds it.
bool LinearProgram::Step(size_t column, double direction, bool shuffled, bool* moved) {
  const size_t v = column_[column];
  double length = direction > 0 ? upper_[v] - value_[v] : value_[v] - lower_[v];
  size_t blocking = kNowhere;
  double best_score = 0;
  for (size_t i = 0; i < basic_.size(); ++i) {
    const double speed = direction * At(i, column);
    if (std::abs(speed) < kZero) continue;
    const size_t b = basic_[i];
    const double room = speed > 0 ? upper_[b] - value_[b] : value_[b] - lower_[b];
    if (room == kInfinity) continue;
    const double limit = std::max(room, 0.0) / std::abs(speed);
    const double score = std::abs(speed) * (shuffled ? Draw() : 1.0);
    const bool tie = blocking != kNowhere && std::abs(limit - length) < kZero;
    if (tie ? score > best_score : limit < length) {
      length = std::min(length, limit);
      blocking = i;
      best_score = score;
    }
  }
  if (length == kInfinity) return false;
  *moved = length > kZero;
  for (size_t i = 0; i < basic_.size(); ++i) {
    value_[basic_[i]] += direction * length * At(i, column);
  }
  value_[v] += direction * length;
  if (blocking != kNowhere) Pivot(blocking, column);
  return true;
}

bool LinearProgram::Maximise(const std::vector<Term>& costs) {
  std::fill(cost_.begin(), cost_.end(), 0.0);
  for (const Term& term : costs) cost_[term.first] += term.second;
  int idle = 0;
  for (int step = 0; step < kStepsMax; ++step) {
    double direction = 0;
    const bool shuffled = idle > kIdleStepsMax;
    const size_t column = Entering(Gains(), shuffled, &direction);
    if (column == kNowhere) return true;
    bool moved = false;
    if (!Step(column, direction, shuffled, &moved)) return false;
    idle = moved ? 0 : idle + 1;
  }
  return false;
}

bool LinearProgram::Holds(double tolerance) const {
  for (size_t v = 0; v < lower_.size(); ++v) {
    if (value_[v] < lower_[v] - tolerance || value_[v] > upper_[v] + tolerance) return false;
  }
  for (size_t i = 0; i < rows_.size(); ++i) {
    double sum = 0;
    for (const Term& term : terms_[i]) sum += term.second * value_[term.first];
    if (std::abs(sum - value_[rows_[i]]) > tolerance) return false;
  }
  return true;
}

}  // namespace lintas::statistics
