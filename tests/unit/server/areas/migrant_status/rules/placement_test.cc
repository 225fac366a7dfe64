#include "server/areas/migrant_status/rules/placement.h"

#include <gtest/gtest.h>

#include "tests/unit/server/areas/migrant_status/status_facts.h"

namespace lintas::migrant_status {
namespace {

using v1::Finding;

TEST(Placement, CannotBeSaidYet) {
  EXPECT_EQ(Placement().value(), Finding::CANNOT_SAY);
  EXPECT_EQ(Placement().gaps(0), Finding::PLACEMENT_RECORD);
}

}  // namespace
}  // namespace lintas::migrant_status
