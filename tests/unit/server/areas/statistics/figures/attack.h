// An attacker who has kept everything that was ever released of a cube, knows the rules, and even
// knows which cells were left out only to shield others. He writes it all down as a linear program
// over the finest cells, whole numbers all of them, and asks a solver (GLPK) for the least and the
// largest value that a cell can have. He shares no code with the protection that he attacks.
#ifndef LINTAS_TESTS_UNIT_SERVER_AREAS_STATISTICS_FIGURES_ATTACK_H_
#define LINTAS_TESTS_UNIT_SERVER_AREAS_STATISTICS_FIGURES_ATTACK_H_

#include <glpk.h>

#include <cmath>
#include <map>
#include <vector>

#include "gtest/gtest.h"
#include "server/areas/statistics/figures/cube.h"
#include "server/areas/statistics/figures/release.h"

namespace lintas::statistics {

struct Interval {
  double lower = 0;
  double upper = 0;
};

// The finest cells of a table's cell, as indexes into the cube.
inline std::vector<size_t> FinestCells(const Cube& cube, const Table& table, size_t cell) {
  const std::vector<size_t> categories = CellCategories(table, cell);
  std::vector<size_t> cells = {0};
  for (size_t d = 0; d < cube.dimensions.size(); ++d) {
    std::vector<size_t> members;
    for (size_t code = 0; code < cube.dimensions[d].codes.size(); ++code) members.push_back(code);
    for (size_t a = 0; a < table.axes.size(); ++a) {
      if (table.axes[a].dimension != d) continue;
      const Category& category = table.axes[a].categories[categories[a]];
      members.assign(category.members.begin(), category.members.end());
    }
    std::vector<size_t> longer;
    for (size_t at : cells) {
      for (size_t member : members) longer.push_back(at * cube.dimensions[d].codes.size() + member);
    }
    cells = longer;
  }
  return cells;
}

class Attack {
 public:
  // One block of unknowns for each vintage.
  Attack(const Cube& cube, const std::vector<Release>& releases)
      : cube_(cube), size_(CellCount(cube)), program_(glp_create_prob()) {
    glp_term_out(GLP_OFF);
    for (const Release& release : releases) {
      for (const ReleasedTable& table : release.tables) Learn(table);
    }
  }
  ~Attack() { glp_delete_prob(program_); }
  Attack(const Attack&) = delete;
  Attack& operator=(const Attack&) = delete;

  // What the attacker can say of the sum of `cells` in `vintage`.
  Interval Bounds(int64_t vintage, const std::vector<size_t>& cells) {
    return Optimise([&] { Aim(vintage, cells, 1.0); });
  }

  // What he can say of its change between two vintages.
  Interval ChangeBounds(int64_t before, int64_t after, const std::vector<size_t>& cells) {
    return Optimise([&] {
      Aim(after, cells, 1.0);
      Aim(before, cells, -1.0);
    });
  }

 private:
  int Column(int64_t vintage, size_t cell) {
    const auto found = blocks_.find(vintage);
    if (found != blocks_.end()) return found->second + static_cast<int>(cell);
    const int first = glp_add_cols(program_, static_cast<int>(size_));
    for (size_t i = 0; i < size_; ++i) {
      glp_set_col_bnds(program_, first + static_cast<int>(i), GLP_LO, 0, 0);
    }
    blocks_[vintage] = first;
    return first + static_cast<int>(cell);
  }

  void Learn(const ReleasedTable& table) {
    for (size_t cell = 0; cell < table.cells.size(); ++cell) {
      const ReleasedCell& released = table.cells[cell];
      const int row = glp_add_rows(program_, 1);
      if (!released.is_suppressed()) {
        const auto value = static_cast<double>(released.value);
        glp_set_row_bnds(program_, row, GLP_FX, value, value);
      } else if (released.upper == INT64_MAX) {
        glp_set_row_bnds(program_, row, GLP_LO, static_cast<double>(released.lower), 0);
      } else {
        const bool point = released.lower == released.upper;
        glp_set_row_bnds(program_, row, point ? GLP_FX : GLP_DB,
                         static_cast<double>(released.lower), static_cast<double>(released.upper));
      }
      std::vector<int> columns = {0};
      std::vector<double> ones = {0};
      for (size_t finest : FinestCells(cube_, table.table, cell)) {
        columns.push_back(Column(table.vintage, finest));
        ones.push_back(1);
      }
      glp_set_mat_row(program_, row, static_cast<int>(columns.size()) - 1, columns.data(),
                      ones.data());
    }
  }

  void Aim(int64_t vintage, const std::vector<size_t>& cells, double factor) {
    for (size_t cell : cells) {
      const int column = Column(vintage, cell);
      glp_set_obj_coef(program_, column, glp_get_obj_coef(program_, column) + factor);
    }
  }

  template <typename SetAim>
  Interval Optimise(const SetAim& aim) {
    for (int column = 0; column <= glp_get_num_cols(program_); ++column) {
      glp_set_obj_coef(program_, column, 0);
    }
    aim();
    return {Solve(GLP_MIN), Solve(GLP_MAX)};
  }

  double Solve(int direction) {
    glp_smcp options;
    glp_init_smcp(&options);
    options.msg_lev = GLP_MSG_OFF;
    glp_set_obj_dir(program_, direction);
    glp_std_basis(program_);
    EXPECT_EQ(glp_simplex(program_, &options), 0);
    const int status = glp_get_status(program_);
    if (status == GLP_UNBND) return direction == GLP_MIN ? -HUGE_VAL : HUGE_VAL;
    EXPECT_EQ(status, GLP_OPT) << "what was released contradicts itself";
    return SolveWhole();
  }

  // Persons are whole: what an integer program can exclude beyond the linear one.
  double SolveWhole() {
    for (int column = 1; column <= glp_get_num_cols(program_); ++column) {
      glp_set_col_kind(program_, column, GLP_IV);
    }
    glp_iocp options;
    glp_init_iocp(&options);
    options.msg_lev = GLP_MSG_OFF;
    EXPECT_EQ(glp_intopt(program_, &options), 0);
    EXPECT_EQ(glp_mip_status(program_), GLP_OPT);
    return glp_mip_obj_val(program_);
  }

  const Cube cube_;
  const size_t size_;
  glp_prob* const program_;
  std::map<int64_t, int> blocks_;
};

}  // namespace lintas::statistics

#endif  // LINTAS_TESTS_UNIT_SERVER_AREAS_STATISTICS_FIGURES_ATTACK_H_
