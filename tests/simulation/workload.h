// Workload: what people and agencies of both countries do, drawn by the seed, and what they were
// told. It repeats what got no answer, as a client does, and checks each answer against what it
// knows. All persons are synthetic. One thread.
#ifndef LINTAS_TESTS_SIMULATION_WORKLOAD_H_
#define LINTAS_TESTS_SIMULATION_WORKLOAD_H_

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lintas/migration_information/v1/migration_information.pb.h"
#include "tests/simulation/checker.h"
#include "tests/simulation/sim_node.h"

namespace lintas::simulation {

class Workload {
 public:
  using Trace = std::function<void(const std::string&)>;

  Workload(SimRandom* random, Checker* checker, SimNode* first, SimNode* second, Trace trace);

  // Some calls of this tick.
  void Tick();
  // No more of its own; unanswered writes and imports go on.
  void Finish() { finishing_ = true; }
  bool Done() const;
  void BeforeCrash(int index);  // Streams end before their node does.
  void AfterStart(int index);
  // After each tick: what was answered is true and recorded.
  absl::Status Check();
  // Every record that was acknowledged, read again.
  absl::Status CheckRecords();
  uint64_t answered() const { return answered_; }
  // What was reached: methods answered with OK, imports ended, calls refused and repeated.
  const std::map<std::string, uint64_t>& reached() const { return reached_; }

 private:
  using Message = google::protobuf::Message;
  using MessageOr = absl::StatusOr<std::unique_ptr<Message>>;

  struct Record {
    int node = 0;
    std::string name, type;
    int person = 0;
    // The newest known one in the home ledger and in the exchange ledger.
    uint32_t revision[2] = {0, 0};
    bool released = false;
    bool withdrawn = false, withdraw_tried = false;
    bool recalled = false, recall_tried = false;
    uint64_t recalled_at = 0;  // Count of answers.
    bool third_country = false;
    std::vector<std::string> words;  // Of its payloads.
    // Of those that were acknowledged: a change that takes the record home recalls them.
    std::vector<std::string> acknowledged_words;
  };
  // One call and its repeats.
  struct Op {
    int node = 0;
    std::string method, role, purpose, case_id, trace_id;
    std::shared_ptr<Message> request;
    bool write = false;
    uint64_t epoch = 0;
    uint64_t called_at = 0;  // Count of answers.
    bool open = false;       // Called and not answered.
    bool settled = false;    // Nobody waits for it.
    bool must_be_refused = false, invalid = false;
    int record = -1;         // Index in records_, -1: none yet.
    std::string first_name;  // What the first OK said.
    std::string word;
    int repeats = 0;
    std::function<void(const Op&, const Message&)> done;
  };
  struct Row {
    std::string key;
    int person = 0;
    bool third_country = false;
    migration_information::v1::AnyRecord record;
    bool valid = true;
    // What the node was told and said: 0 never, 1 perhaps, 2 entered.
    int known = 0;
    bool changed = false;
  };
  struct Import {
    std::string id;
    bool active = false;
    std::unique_ptr<StreamHandler> stream;
    bool opening = false, ready = false, ended = false, over = false;
    uint64_t next_row = 1, acked_row = 0;
    std::deque<std::pair<uint64_t, uint64_t>> sent;  // First and last row of each message.
    std::string trace_id;
    uint64_t epoch = 0;
    std::vector<Row> rows;
  };

  void Fail(const std::string& what);
  std::string RequestId();
  std::string TraceId();
  std::string Word(const char* kind, int node);
  void Issue(const std::shared_ptr<Op>& op);
  void Answer(const std::shared_ptr<Op>& op, MessageOr answer);
  void CheckWriteAnswer(Op* op, const MessageOr& answer);
  void NoteRecord(Op* op, const Message& message);
  std::shared_ptr<Op> NewOp(int node, const std::string& method, const std::string& role,
                            const std::string& purpose, std::shared_ptr<Message> request);

  types::v1::Person MakePerson(int node, int person, bool third_country, const std::string& word);
  std::string FillRecord(int node, int person, bool third_country, uint64_t kind,
                         migration_information::v1::AnyRecord* record);
  std::string Document(int node, int person) const;
  // Neither Party's national, as long as nothing is corrected.
  static bool ThirdCountry(int person) { return person % 5 == 4; }
  static const char* Nationality(int node, int person, bool third_country);

  void Create(int node);
  void Correct(int node);
  void WithdrawOrRecall(int node);
  void Find(int node);
  void Get(int node);
  void Ask(int node);
  void Refused(int node);
  void Repeat(int node);
  void Adopt(int node);
  void StepImport(int node);
  void StartImport(int node);
  void OpenImport(int node);
  void TakeImportResponse(int node,
                          const migration_information::v1::SubmitRecordsResponse& response);
  Record* PickRecord(int node, bool changeable);
  absl::Status CheckRecord(const Record& record);

  SimRandom* const random_;
  Checker* const checker_;
  SimNode* const nodes_[2];
  const Trace trace_;
  bool finishing_ = false;
  bool adopted_[2] = {false, false};
  std::shared_ptr<Op> adoption_[2];
  std::vector<Record> records_;
  std::map<std::string, int> by_name_;
  std::vector<std::shared_ptr<Op>> waiting_;     // Called or to be called again.
  std::vector<std::shared_ptr<Op>> settled_[2];  // Writes that were answered, to be repeated.
  std::vector<std::pair<int, std::string>> answered_now_;
  Import imports_[2];
  uint64_t words_ = 0;
  uint64_t answered_ = 0;
  std::map<std::string, uint64_t> reached_;
  double rate_ = 0.3, import_rate_ = 0.05;
  absl::Status failure_;
};

}  // namespace lintas::simulation

#endif  // LINTAS_TESTS_SIMULATION_WORKLOAD_H_
