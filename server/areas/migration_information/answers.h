// The methods of area 1, but for the bulk stream. Each checks the form, does the one thing,
// answers. Methods that exist once per record type, and those of any record, are one function over
// descriptors (D5). Thread safe.
#ifndef LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_ANSWERS_H_
#define LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_ANSWERS_H_

#include "lintas/migration_information/v1/migration_information.pb.h"
#include "server/areas/migration_information/area.h"
#include "server/records/reader.h"

namespace lintas::migration_information {

// All conditions of the request, but for what follows from who asks (R7).
FindQuery QueryOf(const v1::FindRecordsRequest& request);

class Answers {
 public:
  explicit Answers(const Deps& deps) : deps_(deps) {}

  void Create(const RecordType& type, const Call& call, const google::protobuf::Message& request,
              Reply reply) const;
  void Get(const RecordType& type, const Call& call, const google::protobuf::Message& request,
           Reply reply) const;
  void List(const RecordType& type, const google::protobuf::Descriptor* response_type,
            const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void Correct(const RecordType& type, const Call& call, const google::protobuf::Message& request,
               Reply reply) const;
  // The same of any type, by AnyRecord.
  void CreateAny(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void GetAny(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void ListAny(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void CorrectAny(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void Withdraw(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void Recall(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void GetRecall(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void Find(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void Revisions(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void GetImport(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void Ask(const Call& call, const google::protobuf::Message& request, Reply reply) const;

 private:
  void DiscloseOne(const FoundRecord& found, Disclosure* disclosure) const;
  const RecordsDeps& records() const { return deps_.reader->deps(); }
  // R7: an attaché's own nationals only.
  bool MaySee(const Call& call, const FoundRecord& found) const;
  absl::StatusOr<FoundRecord> Visible(const Call& call, const std::string& name) const;
  // `then`, after the partner holds what was written if the call waits for that (P6).
  Writer::Done WhenHeld(const Call& call, Writer::Done then) const;
  // The last exchange entry of what was written. Of a repeat: of all that its record has by now,
  // since the first answer's own positions are not kept.
  absl::StatusOr<absl::optional<Index>> LastExchange(const Writer::Written& written) const;
  // How a record stands in a response: as its own message, or in an AnyRecord.
  enum class Shape { kOwn, kAny };
  struct Listed {
    std::vector<FoundRecord> records;
    std::string next_page_token;
  };
  // A record to be written, out of a request of either shape.
  struct Change {
    const google::protobuf::Message& record;
    // What the same request_id must ask for again.
    const google::protobuf::Message& request;
    Shape shape;
  };
  std::unique_ptr<google::protobuf::Message> Shown(const FoundRecord& found, const Call& call,
                                                   bool full, Shape shape) const;
  void CreateOne(const RecordType& type, const Call& call, const Change& change, Reply reply) const;
  void CorrectOne(const RecordType& type, const Call& call, const Change& change,
                  Reply reply) const;
  // A page by `parent`, `page_size` and `page_token` of `request`, of what the caller may see.
  absl::StatusOr<Listed> ListPage(const RecordType& type, const Call& call,
                                  const google::protobuf::Message& request) const;
  void AnswerWritten(const Call& call, const absl::StatusOr<Writer::Written>& written, Shape shape,
                     const Reply& reply) const;

  const Deps deps_;
};

}  // namespace lintas::migration_information

#endif  // LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_ANSWERS_H_
