// The methods of area 1, but for the bulk stream. Each checks the form, does the one thing,
// answers. Methods that exist once per record type are one function over descriptors (D5). Thread
// safe.
#ifndef LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_ANSWERS_H_
#define LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_ANSWERS_H_

#include "server/areas/migration_information/area.h"

namespace lintas::migration_information {

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
  void Withdraw(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void Recall(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void GetRecall(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void Find(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void Revisions(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void GetImport(const Call& call, const google::protobuf::Message& request, Reply reply) const;
  void Ask(const Call& call, const google::protobuf::Message& request, Reply reply) const;

 private:
  const RecordsDeps& records() const { return deps_.reader->deps(); }
  // R7: an attaché's own nationals only.
  bool MaySee(const Call& call, const FoundRecord& found) const;
  absl::StatusOr<FoundRecord> Visible(const Call& call, const std::string& name) const;
  // `then`, after the partner holds what was written if the call waits for that (P6).
  Writer::Done WhenHeld(const Call& call, Writer::Done then) const;
  // The last exchange entry of what was written. Of a repeat: of all that its record has by now,
  // since the first answer's own positions are not kept.
  absl::StatusOr<absl::optional<Index>> LastExchange(const Writer::Written& written) const;
  void AnswerWritten(const Call& call, const absl::StatusOr<Writer::Written>& written,
                     const Reply& reply) const;

  const Deps deps_;
};

}  // namespace lintas::migration_information

#endif  // LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_ANSWERS_H_
