#include "server/areas/statistics/figures/disclosure.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/areas/statistics/figures/linear_program.h"
#include "server/base/status.h"

namespace lintas::statistics {
namespace {

constexpr double kTolerance = 1e-6;
constexpr int64_t kUnbounded = std::numeric_limits<int64_t>::max();

// The codes of one dimension in classes: codes that every table puts into the same categories.
struct Classes {
  std::vector<size_t> of_code;
  size_t count = 0;
};

Classes Refine(size_t code_count, const std::vector<const Category*>& categories) {
  std::vector<std::vector<bool>> marks(code_count, std::vector<bool>(categories.size()));
  for (size_t c = 0; c < categories.size(); ++c) {
    for (uint16_t member : categories[c]->members) marks[member][c] = true;
  }
  Classes classes;
  std::map<std::vector<bool>, size_t> known;
  for (size_t code = 0; code < code_count; ++code) {
    const auto found = known.emplace(marks[code], known.size()).first;
    classes.of_code.push_back(found->second);
  }
  classes.count = known.size();
  return classes;
}

// A set of atoms that a table shows as a cell, or that follows from what tables show.
struct Row {
  int64_t value = 0;
  // Axes that the cell is totalled over, in the table that totals most.
  size_t totalled = 0;
  bool released = false;  // A cell of this release.
  bool fixed = false;     // Its figure is known from earlier releases.
  bool repeated =
      false;  // Published before with the same figure: in a revision it may be left out.
  bool shielded = false;  // Suppressed before.
  bool sensitive = false;
  Suppression suppression = Suppression::kNone;
  int64_t lower = 0, upper = kUnbounded;       // Known to everybody.
  int64_t target_lower = 0, target_upper = 0;  // Must both remain possible.
  size_t variable = 0, less = 0, more = 0;     // In the program; `less` 0: not movable.
};

class Protector {
 public:
  explicit Protector(const DisclosureRequest& request)
      : request_(request), threshold_(std::max<int64_t>(1, request.rules.threshold)) {}

  absl::StatusOr<DisclosureOutcome> Run() {
    RETURN_IF_ERROR(CheckForm());
    MakeAtoms();
    RETURN_IF_ERROR(MakeRows());
    if (!request_.rules.revision && HasSmallChange()) return Held();
    RETURN_IF_ERROR(TakeHistory());
    TakeImplied();
    RETURN_IF_ERROR(TakePrimaries());
    if (Size() > kDisclosureSizeMax) {
      return absl::ResourceExhaustedError(
          absl::StrCat("The tables are too large to be protected together: ", Size(), " of ",
                       kDisclosureSizeMax, ". Split them or let them share fewer dimensions."));
    }
    MakeProgram();
    const absl::Status status = ShieldAll();
    if (status.ok()) return Outcome();
    if (!request_.rules.revision && AllReleasedBefore()) return Held();
    return status;
  }

 private:
  using Atoms = std::vector<uint32_t>;
  using Rows = std::map<Atoms, Row>;
  using Visit = std::function<void(size_t cell, const Atoms& atoms)>;

  absl::Status CheckForm() const {
    RETURN_IF_ERROR(CheckCube(*request_.cube));
    if (request_.counts.size() != CellCount(*request_.cube)) {
      return absl::InvalidArgumentError("The counts do not fit the cube.");
    }
    for (int64_t count : request_.counts) {
      if (count < 0) return absl::InvalidArgumentError("A count is negative.");
    }
    for (const Table& table : request_.tables) {
      RETURN_IF_ERROR(CheckTable(*request_.cube, table));
    }
    for (const Release& release : *request_.history) {
      for (const ReleasedTable& table : release.tables) {
        RETURN_IF_ERROR(CheckTable(*request_.cube, table.table));
        if (table.cells.size() != CellCount(table.table)) {
          return absl::InvalidArgumentError("An earlier table lacks cells.");
        }
      }
    }
    for (const DominatedCell& cell : request_.dominated) {
      if (cell.place.table >= request_.tables.size() ||
          cell.place.cell >= CellCount(request_.tables[cell.place.table]) || cell.margin < 0) {
        return absl::InvalidArgumentError("A dominated cell is in no table.");
      }
    }
    return absl::OkStatus();
  }

  void ForEachEarlier(const std::function<void(const ReleasedTable&)>& visit) const {
    for (const Release& release : *request_.history) {
      for (const ReleasedTable& table : release.tables) visit(table);
    }
  }

  // The classes of each dimension over all tables ever, and the true count of each atom.
  void MakeAtoms() {
    const std::vector<Dimension>& dimensions = request_.cube->dimensions;
    std::vector<std::vector<const Category*>> categories(dimensions.size());
    const auto take = [&](const Table& table) {
      for (const Axis& axis : table.axes) {
        for (const Category& category : axis.categories) {
          categories[axis.dimension].push_back(&category);
        }
      }
    };
    for (const Table& table : request_.tables) take(table);
    ForEachEarlier([&](const ReleasedTable& earlier) { take(earlier.table); });
    size_t atoms = 1;
    for (size_t d = 0; d < dimensions.size(); ++d) {
      classes_.push_back(Refine(dimensions[d].codes.size(), categories[d]));
      atoms *= classes_[d].count;
    }
    atom_values_.assign(atoms, 0);
    std::vector<uint16_t> codes(dimensions.size(), 0);
    for (int64_t count : request_.counts) {
      size_t atom = 0;
      for (size_t d = 0; d < codes.size(); ++d) {
        atom = atom * classes_[d].count + classes_[d].of_code[codes[d]];
      }
      atom_values_[atom] += count;
      for (size_t d = codes.size(); d-- > 0;) {
        if (++codes[d] < dimensions[d].codes.size()) break;
        codes[d] = 0;
      }
    }
  }

  // The classes of each axis and category of `table`.
  std::vector<std::vector<std::vector<size_t>>> ClassesOf(const Table& table) const {
    std::vector<std::vector<std::vector<size_t>>> result;
    for (const Axis& axis : table.axes) {
      result.emplace_back();
      for (const Category& category : axis.categories) {
        std::vector<size_t> classes;
        for (uint16_t member : category.members) {
          classes.push_back(classes_[axis.dimension].of_code[member]);
        }
        std::sort(classes.begin(), classes.end());
        classes.erase(std::unique(classes.begin(), classes.end()), classes.end());
        result.back().push_back(std::move(classes));
      }
    }
    return result;
  }

  // The atoms that have, in each dimension, one of `allowed` classes.
  Atoms AtomsOf(const std::vector<std::vector<size_t>>& allowed) const {
    Atoms atoms = {0};
    for (size_t d = 0; d < allowed.size(); ++d) {
      Atoms longer;
      longer.reserve(atoms.size() * allowed[d].size());
      for (uint32_t atom : atoms) {
        for (size_t c : allowed[d]) {
          longer.push_back(static_cast<uint32_t>(atom * classes_[d].count + c));
        }
      }
      atoms = std::move(longer);
    }
    return atoms;
  }

  // Calls `visit` with each combination of `choices` (for each axis some sets of classes).
  void ForEachCell(const Table& table, const std::vector<std::vector<std::vector<size_t>>>& choices,
                   const Visit& visit) const {
    std::vector<std::vector<size_t>> allowed(classes_.size());
    for (size_t d = 0; d < classes_.size(); ++d) {
      allowed[d].resize(classes_[d].count);
      std::iota(allowed[d].begin(), allowed[d].end(), size_t{0});
    }
    size_t cells = 1;
    for (const auto& axis : choices) cells *= axis.size();
    for (size_t cell = 0; cell < cells; ++cell) {
      size_t rest = cell;
      for (size_t a = choices.size(); a-- > 0;) {
        allowed[table.axes[a].dimension] = choices[a][rest % choices[a].size()];
        rest /= choices[a].size();
      }
      visit(cell, AtomsOf(allowed));
    }
  }

  int64_t ValueOf(const Atoms& atoms) const {
    int64_t value = 0;
    for (uint32_t atom : atoms) value += atom_values_[atom];
    return value;
  }

  // The row of `atoms`, made if there is none.
  Row& RowOf(const Atoms& atoms) {
    const auto found = rows_.find(atoms);
    if (found != rows_.end()) return found->second;
    Row& row = rows_[atoms];
    row.value = ValueOf(atoms);
    return row;
  }

  absl::Status MakeRows() {
    for (const Table& table : request_.tables) {
      cells_.emplace_back();
      const auto choices = ClassesOf(table);
      ForEachCell(table, choices, [&](size_t cell, const Atoms& atoms) {
        Row& row = RowOf(atoms);
        row.released = true;
        row.totalled = std::max(row.totalled, Totalled(table, choices, cell));
        cells_.back().push_back(&row);  // Map nodes stay where they are.
      });
    }
    for (const DominatedCell& cell : request_.dominated) {
      Row& row = *cells_[cell.place.table][cell.place.cell];
      row.suppression = Suppression::kDominance;
      row.sensitive = true;
      row.lower = 1;
      row.target_lower = std::max<int64_t>(1, row.value - cell.margin);
      row.target_upper = row.value + cell.margin;
    }
    return absl::OkStatus();
  }

  // How many dimensions the cell is totalled over.
  size_t Totalled(const Table& table, const std::vector<std::vector<std::vector<size_t>>>& choices,
                  size_t cell) const {
    size_t count = classes_.size() - table.axes.size();
    const std::vector<size_t> categories = CellCategories(table, cell);
    for (size_t a = 0; a < table.axes.size(); ++a) {
      if (choices[a][categories[a]].size() == classes_[table.axes[a].dimension].count) ++count;
    }
    return count;
  }

  bool IsSmall(int64_t value) const { return value > 0 && value < threshold_; }

  // D4, over all cells ever released whose figure is asked for again, also those left out then.
  bool HasSmallChange() {
    bool small = false;
    const auto compare = [&](const ReleasedTable& earlier) {
      ForEachCell(earlier.table, ClassesOf(earlier.table), [&](size_t cell, const Atoms& atoms) {
        const auto found = rows_.find(atoms);
        if (found == rows_.end()) return;
        if (IsSmall(std::abs(found->second.value - earlier.cells[cell].value))) small = true;
      });
    };
    ForEachLatest(compare);
    return small;
  }

  // The newest release of each table.
  void ForEachLatest(const std::function<void(const ReleasedTable&)>& visit) const {
    std::map<std::string, const ReleasedTable*> latest;
    ForEachEarlier([&](const ReleasedTable& table) { latest[table.table.id] = &table; });
    for (const auto& entry : latest) visit(*entry.second);
  }

  // Every cell of the table has the figure that it has today.
  bool IsUnchanged(const ReleasedTable& earlier) const {
    bool same = true;
    ForEachCell(earlier.table, ClassesOf(earlier.table), [&](size_t cell, const Atoms& atoms) {
      if (ValueOf(atoms) != earlier.cells[cell].value) same = false;
    });
    return same;
  }

  absl::Status TakeHistory() {
    absl::Status status;
    ForEachEarlier([&](const ReleasedTable& earlier) {
      const bool same = IsUnchanged(earlier);
      if (earlier.vintage == request_.vintage && !same) {
        status = absl::InvalidArgumentError(
            absl::StrCat("Table ", earlier.table.id, " was released with other counts of vintage ",
                         request_.vintage, "."));
        return;
      }
      ForEachCell(earlier.table, ClassesOf(earlier.table), [&](size_t cell, const Atoms& atoms) {
        TakeEarlierCell(earlier.cells[cell], same, atoms);
      });
      if (same) tables_to_refine_.push_back(&earlier.table);
    });
    return status;
  }

  void TakeEarlierCell(const ReleasedCell& cell, bool same_counts, const Atoms& atoms) {
    const bool known_row = rows_.count(atoms) != 0;
    // What an earlier table showed and what has changed since says nothing of today's counts.
    if (!known_row && !same_counts && ValueOf(atoms) != cell.value) return;
    Row& row = RowOf(atoms);
    if (cell.is_suppressed()) {
      row.shielded = true;
      // A figure that did not change stays out: shown, it would tell what it shielded before.
      if (same_counts || (row.released && row.value == cell.value)) TakeSuppression(cell, &row);
      return;
    }
    const int64_t change = row.value - cell.value;
    if (change == 0) {
      // The newest release counts: what it showed is no secret any more.
      if (row.suppression == Suppression::kSecondary) row.suppression = Suppression::kNone;
      if (row.released && request_.rules.revision && !same_counts) {
        row.repeated = true;
      } else {
        row.fixed = true;
      }
    } else if (row.released && IsSmall(std::abs(change))) {
      row.suppression = Suppression::kSmallChange;
      row.sensitive = true;
      row.lower = std::max<int64_t>(1, cell.value - (threshold_ - 1));
      row.upper = cell.value + (threshold_ - 1);
      row.target_lower = change > 0 ? cell.value : row.lower;
      row.target_upper = change > 0 ? row.upper : cell.value;
    }
  }

  void TakeSuppression(const ReleasedCell& cell, Row* row) {
    if (row->suppression == Suppression::kDominance) return;
    row->fixed = row->repeated = false;
    row->suppression = cell.suppression;
    row->lower = cell.lower;
    row->upper = cell.upper;
    if (cell.suppression == Suppression::kSmallChange) {
      row->sensitive = true;
      row->target_lower = row->target_upper = row->value;
    }
  }

  // D2: small counts that no table shows but that follow from its categories.
  void TakeImplied() {
    for (const Table& table : request_.tables) tables_to_refine_.push_back(&table);
    for (const Table* table : tables_to_refine_) {
      std::vector<std::vector<std::vector<size_t>>> choices;
      for (const Axis& axis : table->axes) {
        choices.emplace_back();
        for (size_t c = 0; c < classes_[axis.dimension].count; ++c) choices.back().push_back({c});
      }
      ForEachCell(*table, choices, [&](size_t, const Atoms& atoms) {
        if (IsSmall(ValueOf(atoms))) RowOf(atoms);
      });
    }
  }

  absl::Status TakePrimaries() {
    for (auto& entry : rows_) {
      Row& row = entry.second;
      if (!IsSmall(row.value)) {
        if (row.suppression != Suppression::kNone && row.fixed) return Told();
        continue;
      }
      if (row.fixed) return Told();
      const bool shown = row.released || row.suppression != Suppression::kNone;
      row.sensitive = true;
      row.suppression = Suppression::kSmallCount;
      row.lower = shown ? 1 : 0;
      row.upper = shown ? threshold_ - 1 : kUnbounded;
      row.target_lower = 1;
      row.target_upper = threshold_ - 1;
    }
    return absl::OkStatus();
  }

  static absl::Status Told() {
    return absl::FailedPreconditionError(
        "Earlier releases tell a count that must not be told; nothing may be released.");
  }

  size_t Size() const { return rows_.size() * (atom_values_.size() + 2 * rows_.size()); }

  static double Bound(int64_t bound) {
    return bound == kUnbounded ? LinearProgram::kInfinity : static_cast<double>(bound);
  }

  // The counts that agree with all that is and was released. A figure of this release may move at
  // a price: then the cell has to be left out.
  void MakeProgram() {
    std::vector<bool> empty(atom_values_.size(), false);
    for (const auto& entry : rows_) {
      const Row& row = entry.second;
      if (row.value != 0 || (!row.released && !row.fixed)) continue;
      for (uint32_t atom : entry.first) empty[atom] = true;
    }
    std::vector<size_t> variables(atom_values_.size());
    for (size_t a = 0; a < atom_values_.size(); ++a) {
      variables[a] = program_.AddVariable(0, empty[a] ? 0 : LinearProgram::kInfinity,
                                          static_cast<double>(atom_values_[a]));
    }
    for (auto& entry : rows_) {
      Row& row = entry.second;
      if (row.value == 0) continue;
      std::vector<LinearProgram::Term> terms;
      for (uint32_t atom : entry.first) {
        if (!empty[atom]) terms.push_back({variables[atom], 1.0});
      }
      AddToProgram(std::move(terms), &row);
    }
    program_.Prepare();
  }

  void AddToProgram(std::vector<LinearProgram::Term> terms, Row* row) {
    const auto value = static_cast<double>(row->value);
    if (row->suppression != Suppression::kNone) {
      row->variable = program_.AddRow(std::move(terms), Bound(row->lower), Bound(row->upper));
      return;
    }
    if (!row->released && !row->fixed) return;
    if (!row->fixed) {
      const auto change_max = static_cast<double>(threshold_ - 1);
      const double down = std::max(0.0, value - static_cast<double>(threshold_));
      row->less = program_.AddVariable(0, row->repeated ? std::min(change_max, down) : down, 0);
      const double up = LinearProgram::kInfinity;
      row->more = program_.AddVariable(0, row->repeated ? change_max : up, 0);
      terms.push_back({row->less, 1.0});
      terms.push_back({row->more, -1.0});
      open_.push_back(row);
    }
    row->variable = program_.AddRow(std::move(terms), value, value);
  }

  // What leaving the cell out costs: large cells and totals are wanted most, figures that were out
  // before even more.
  static double Price(const Row& row) {
    if (row.suppression != Suppression::kNone) return 0;
    const double price =
        (1 + std::log2(1 + static_cast<double>(row.value))) * static_cast<double>(1 + row.totalled);
    if (row.repeated) return 4 * price;
    return row.shielded ? price / 8 : price;
  }

  absl::Status ShieldAll() {
    for (auto& entry : rows_) {
      Row& row = entry.second;
      if (!row.sensitive || row.value == 0) continue;
      RETURN_IF_ERROR(Shield(&row, row.target_upper, 1.0));
      RETURN_IF_ERROR(Shield(&row, row.target_lower, -1.0));
    }
    return absl::OkStatus();
  }

  // D3 for one end: finds counts that show `target` in the row, at the least price, and leaves out
  // the cells that differ in them.
  absl::Status Shield(Row* row, int64_t target_value, double direction) {
    const auto target = static_cast<double>(target_value);
    const auto value = static_cast<double>(row->value);
    if (direction * (target - value) <= 0) return absl::OkStatus();
    program_.Reset();
    program_.SetBounds(row->variable, direction > 0 ? Bound(row->lower) : target,
                       direction > 0 ? target : Bound(row->upper));
    const bool solved = program_.Maximise({{row->variable, direction}});
    const bool reached =
        std::abs(program_.value(row->variable) - target) < kTolerance && program_.Holds(kTolerance);
    if (reached) {
      program_.SetBounds(row->variable, program_.value(row->variable),
                         program_.value(row->variable));
      FindCheapWholePoint();
      LeaveOut();
    }
    program_.SetBounds(row->variable, Bound(row->lower), Bound(row->upper));
    if (reached) return absl::OkStatus();
    return solved ? Told() : absl::InternalError("The search for a proof ran out of steps.");
  }

  // From a point that is a proof already to one that leaves out less, and that shows whole numbers
  // of persons if one is found: then no integer program can attack it either.
  void FindCheapWholePoint() {
    constexpr int kTriesMax = 12;
    std::vector<double> best = program_.point();
    for (int attempt = 0; attempt < kTriesMax; ++attempt) {
      // Other prices lead to other corners, nearly as cheap.
      const double noise = attempt == 0 ? 0 : 0.3;
      std::vector<LinearProgram::Term> costs;
      for (const Row* open : open_) {
        const double price = Price(*open) * (1 + noise * Draw());
        if (price == 0) continue;
        costs.push_back({open->less, -price});
        costs.push_back({open->more, -price});
      }
      for (size_t a = 0; attempt > 0 && a < atom_values_.size(); ++a) {
        costs.push_back({a, -0.01 * Draw()});
      }
      (void)program_.Maximise(costs);
      if (!program_.Holds(kTolerance)) break;
      if (attempt == 0) best = program_.point();
      if (IsWhole()) return;
    }
    program_.GoTo(std::move(best));
    ++real_proofs_;
  }

  bool IsWhole() const {
    for (size_t a = 0; a < atom_values_.size(); ++a) {
      const double value = program_.value(a);
      if (std::abs(value - std::round(value)) > kTolerance) return false;
    }
    return true;
  }

  // From [0, 1), the same in every run.
  double Draw() {
    random_ = random_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<double>(random_ >> 33) / 2147483648.0;
  }

  void LeaveOut() {
    for (Row* row : open_) {
      if (row->suppression != Suppression::kNone) continue;
      if (program_.value(row->less) < kTolerance && program_.value(row->more) < kTolerance) {
        continue;
      }
      row->suppression = Suppression::kSecondary;
      row->lower = threshold_;
      if (row->repeated) {
        row->lower = std::max(threshold_, row->value - (threshold_ - 1));
        row->upper = row->value + (threshold_ - 1);
      }
    }
  }

  bool AllReleasedBefore() const {
    return std::all_of(request_.tables.begin(), request_.tables.end(),
                       [&](const Table& table) { return Latest(table.id) != nullptr; });
  }

  const ReleasedTable* Latest(const std::string& id) const {
    const ReleasedTable* latest = nullptr;
    ForEachEarlier([&](const ReleasedTable& table) {
      if (table.table.id == id) latest = &table;
    });
    return latest;
  }

  DisclosureOutcome Held() const {
    DisclosureOutcome outcome;
    outcome.held = true;
    outcome.release.vintage = request_.vintage;
    for (const Table& table : request_.tables) {
      const ReleasedTable* latest = Latest(table.id);
      if (latest != nullptr) outcome.release.tables.push_back(*latest);
    }
    return outcome;
  }

  DisclosureOutcome Outcome() const {
    DisclosureOutcome outcome;
    outcome.release.vintage = request_.vintage;
    outcome.real_proofs = real_proofs_;
    for (size_t t = 0; t < request_.tables.size(); ++t) {
      ReleasedTable table;
      table.table = request_.tables[t];
      table.vintage = request_.vintage;
      for (const Row* row : cells_[t]) {
        ReleasedCell cell;
        cell.value = row->value;
        cell.suppression = row->suppression;
        if (cell.is_suppressed()) {
          cell.lower = row->lower;
          cell.upper = row->upper;
          ++(cell.suppression == Suppression::kSecondary ? outcome.secondary_count
                                                         : outcome.primary_count);
        }
        table.cells.push_back(cell);
      }
      outcome.release.tables.push_back(std::move(table));
    }
    return outcome;
  }

  const DisclosureRequest& request_;
  const int64_t threshold_;
  std::vector<Classes> classes_;
  std::vector<int64_t> atom_values_;
  Rows rows_;
  std::vector<std::vector<Row*>> cells_;  // The row of each cell of each table.
  std::vector<const Table*> tables_to_refine_;
  std::vector<Row*> open_;
  LinearProgram program_;  // Its first variables are the atoms.
  size_t real_proofs_ = 0;
  uint64_t random_ = 1;
};

}  // namespace

int64_t DominanceMargin(std::vector<int64_t> contributions, const DominanceRule& rule) {
  std::sort(contributions.begin(), contributions.end(), std::greater<>());
  const auto sum = [&](size_t count) {
    double total = 0;
    for (size_t i = 0; i < std::min(count, contributions.size()); ++i) {
      total += static_cast<double>(contributions[i]);
    }
    return total;
  };
  const double total = sum(contributions.size());
  if (total <= 0) return 0;
  const auto largest = static_cast<double>(contributions[0]);
  const double margin = largest * rule.p_percent / 100;
  const bool dominated = sum(rule.n) > total * rule.k_percent / 100;
  const bool estimable = total - sum(2) < margin;
  if (!dominated && !estimable) return 0;
  return std::max<int64_t>(1, static_cast<int64_t>(std::ceil(margin)));
}

absl::StatusOr<DisclosureOutcome> Protect(const DisclosureRequest& request) {
  return Protector(request).Run();
}

}  // namespace lintas::statistics
