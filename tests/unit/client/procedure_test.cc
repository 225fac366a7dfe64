#include "client/procedure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lintas/migration_information/v1/record_request.pb.h"

namespace lintas::client {
namespace {

using procedure::v1::Board;
using procedure::v1::Step;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

namespace mi = migration_information::v1;

TEST(ContentRows, NameEachFieldByItsPath) {
  mi::RecordRequest request;
  request.set_what(mi::RecordRequest::LAST_ENTRY);
  request.mutable_document()->set_number("X0000001");
  request.add_nationalities("IDN");
  request.add_nationalities("KHM");
  Step step;
  step.mutable_content()->PackFrom(request);
  EXPECT_THAT(ContentRows(step.content()),
              testing::UnorderedElementsAre(
                  Pair("what", "LAST_ENTRY"), Pair("document.number", "X0000001"),
                  Pair("nationalities[0]", "IDN"), Pair("nationalities[1]", "KHM")));
}

TEST(ContentRows, AreNoneForAStepThatCarriesNothing) {
  EXPECT_THAT(ContentRows(Step().content()), IsEmpty());
}

TEST(ContentRows, SayTheTypeOfWhatIsNotKnown) {
  Step step;
  step.mutable_content()->set_type_url("type.googleapis.com/lintas.ninth.v1.Thing");
  EXPECT_THAT(ContentRows(step.content()),
              ElementsAre(Pair("@type", "type.googleapis.com/lintas.ninth.v1.Thing")));
}

TEST(BoardPages, BecomeOneBoardWithTheLongestWaitFirst) {
  const auto page = [](const char* country, const char* name, int64_t since, uint32_t overdue) {
    Board board;
    Board::Column* column = board.add_columns();
    column->set_country(country);
    column->set_overdue_count(overdue);
    column->add_procedures()->set_name(name);
    column->mutable_procedures(0)->mutable_waiting_since_time()->set_seconds(since);
    return board;
  };
  Board board;
  AddPage(page("khm", "b", 200, 0), &board);
  AddPage(page("idn", "c", 300, 0), &board);
  AddPage(page("khm", "a", 100, 1), &board);
  ASSERT_EQ(board.columns_size(), 2);
  ASSERT_EQ(board.columns(0).procedures_size(), 2);
  EXPECT_EQ(board.columns(0).procedures(0).name(), "a");
  EXPECT_EQ(board.columns(0).overdue_count(), 1u);
  EXPECT_EQ(board.columns(0).longest_since_time().seconds(), 100);
  EXPECT_EQ(board.columns(1).procedures(0).name(), "c");
}

}  // namespace
}  // namespace lintas::client
