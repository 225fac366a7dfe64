// Strong integers: misuse does not compile. An Index counts from 0, a TreeSize does not; the only
// way from one to the other is a named function.
#ifndef LINTAS_SERVER_BASE_IDS_H_
#define LINTAS_SERVER_BASE_IDS_H_

#include <cstdint>
#include <functional>
#include <ostream>

namespace lintas {

// The position of an entry in its ledger, from 0.
class Index {
 public:
  constexpr Index() = default;
  constexpr explicit Index(uint64_t value) : value_(value) {}
  constexpr uint64_t value() const { return value_; }
  friend constexpr bool operator==(Index a, Index b) { return a.value_ == b.value_; }
  friend constexpr bool operator!=(Index a, Index b) { return a.value_ != b.value_; }
  friend constexpr bool operator<(Index a, Index b) { return a.value_ < b.value_; }
  friend constexpr bool operator<=(Index a, Index b) { return a.value_ <= b.value_; }
  friend constexpr bool operator>(Index a, Index b) { return a.value_ > b.value_; }
  friend constexpr bool operator>=(Index a, Index b) { return a.value_ >= b.value_; }
  friend std::ostream& operator<<(std::ostream& os, Index a) { return os << a.value_; }

 private:
  uint64_t value_ = 0;
};

// The number of leaves of a ledger's tree.
class TreeSize {
 public:
  constexpr TreeSize() = default;
  constexpr explicit TreeSize(uint64_t value) : value_(value) {}
  constexpr uint64_t value() const { return value_; }
  // The index that the next entry gets when the tree has this size.
  constexpr Index next_index() const { return Index(value_); }
  // True if a tree of this size holds the entry at `index`.
  constexpr bool covers(Index index) const { return index.value() < value_; }
  friend constexpr bool operator==(TreeSize a, TreeSize b) { return a.value_ == b.value_; }
  friend constexpr bool operator!=(TreeSize a, TreeSize b) { return a.value_ != b.value_; }
  friend constexpr bool operator<(TreeSize a, TreeSize b) { return a.value_ < b.value_; }
  friend constexpr bool operator<=(TreeSize a, TreeSize b) { return a.value_ <= b.value_; }
  friend constexpr bool operator>(TreeSize a, TreeSize b) { return a.value_ > b.value_; }
  friend constexpr bool operator>=(TreeSize a, TreeSize b) { return a.value_ >= b.value_; }
  friend std::ostream& operator<<(std::ostream& os, TreeSize a) { return os << a.value_; }

 private:
  uint64_t value_ = 0;
};

// The size of the smallest tree that holds `index`.
constexpr TreeSize SizeThrough(Index index) { return TreeSize(index.value() + 1); }

}  // namespace lintas

#endif  // LINTAS_SERVER_BASE_IDS_H_
