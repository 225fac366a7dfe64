#include "client/export/record_csv.h"

#include <gtest/gtest.h>

#include <sstream>

#include "client/import/csv_rows.h"
#include "client/record.h"
#include "lintas/options/v1/options.pb.h"
#include "server/base/error.h"

namespace lintas::client {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// SYNTHETIC. Fills every field of the source, of each repeated one as many as `elements`.
void FillAll(Message* message, int elements, bool top, int* counter) {
  const auto* reflection = message->GetReflection();
  for (int i = 0; i < message->GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message->GetDescriptor()->field(i);
    if (top && !field->options().HasExtension(options::v1::field)) continue;
    ++*counter;
    const int count = field->is_repeated() ? elements : 1;
    for (int n = 0; n < count; ++n) {
      switch (field->cpp_type()) {
        case FieldDescriptor::CPPTYPE_MESSAGE:
          FillAll(field->is_repeated() ? reflection->AddMessage(message, field)
                                       : reflection->MutableMessage(message, field),
                  elements, false, counter);
          break;
        case FieldDescriptor::CPPTYPE_STRING: {
          const std::string text = " a,\"b\"\xe1\x9e\x80 " + std::to_string(*counter + n);
          if (field->is_repeated()) {
            reflection->AddString(message, field, "name " + std::to_string(n));
          } else {
            reflection->SetString(message, field, text);
          }
          break;
        }
        case FieldDescriptor::CPPTYPE_ENUM:
          reflection->SetEnumValue(message, field, field->enum_type()->value(1)->number());
          break;
        case FieldDescriptor::CPPTYPE_INT32:
          reflection->SetInt32(message, field, 1 + n + *counter % 12);
          break;
        case FieldDescriptor::CPPTYPE_INT64:
          reflection->SetInt64(message, field, 5'000'000'000);
          break;
        case FieldDescriptor::CPPTYPE_BOOL:
          reflection->SetBool(message, field, true);
          break;
        default:
          FAIL() << field->full_name() << " has a type that no test knows";
      }
    }
  }
}

// Dates of the calendar, in reach of the import.
void MakeDatesTrue(Message* record) {
  const auto* field = record->GetDescriptor()->FindFieldByName("person");
  if (field == nullptr) return;
  auto* person =
      static_cast<types::v1::Person*>(record->GetReflection()->MutableMessage(record, field));
  person->mutable_birth_date()->set_year(1990);
  person->mutable_birth_date()->set_month(2);
  person->mutable_birth_date()->set_day(0);
}

TEST(RecordCsv, OfEveryTypeComesBackEqual) {
  for (const RecordKind& kind : RecordKinds()) {
    const auto* prototype =
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(kind.message());
    for (const int elements : {1, kCsvElements}) {
      const std::unique_ptr<Message> record(prototype->New());
      int counter = 0;
      FillAll(record.get(), elements, true, &counter);
      MakeDatesTrue(record.get());
      const RecordCsv csv(kind.message());
      const auto line = csv.Line("SYN-1", *record);
      ASSERT_TRUE(line.ok()) << kind.type << line.status();
      CsvRows rows(kind.message(), {});
      std::istringstream in(csv.Header() + *line);
      int read = 0;
      const absl::Status status = rows.Read(in, [&](CsvRow* row) {
        ++read;
        EXPECT_TRUE(row->errors.empty()) << row->errors[0].field << row->errors[0].rule;
        EXPECT_EQ(row->source_key, "SYN-1");
        EXPECT_EQ(row->record->DebugString(), record->DebugString());
        return absl::OkStatus();
      });
      EXPECT_TRUE(status.ok()) << kind.type << status;
      EXPECT_EQ(read, 1);
      EXPECT_TRUE(rows.unknown_columns().empty()) << kind.type;
    }
  }
}

TEST(RecordCsv, RefusesARecordThatItHasNoColumnsFor) {
  migration_information::v1::Traveller traveller;
  for (int i = 0; i <= kCsvElements; ++i) traveller.add_documents()->set_number("X1");
  const RecordCsv csv(traveller.GetDescriptor());
  EXPECT_EQ(ErrorReason(csv.Line("1", traveller).status()), "TOO_MANY_ELEMENTS");
}

}  // namespace
}  // namespace lintas::client
