// Strangers check us: a ledger's checkpoints, proofs and tiles, made by our code, are verified by
// Go's sumdb packages and a cosignature by Python's cryptography. Each must also refuse a bit flip.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/crypto/os_random.h"
#include "server/ledger/merkle/proof.h"
#include "server/ledger/merkle/tree_hash.h"
#include "server/ledger/note/checkpoint.h"
#include "server/ledger/note/cosignature.h"
#include "server/ledger/note/text_form.h"
#include "tests/unit/server/ledger/merkle/reference_tree.h"

namespace lintas {
namespace {

namespace fs = std::filesystem;

constexpr char kOrigin[] = "lintas.example/idn-khm/exchange/1";
constexpr char kWitness[] = "lintas.example/idn-khm/held";
constexpr char kSourceDir[] = LINTAS_SOURCE_DIR "/tests/integration/sumdb";

void Write(const fs::path& path, const std::string& bytes) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string Read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

void FlipBit(const fs::path& path, size_t byte) {
  std::string bytes = Read(path);
  ASSERT_LT(byte, bytes.size());
  bytes[byte] = static_cast<char>(bytes[byte] ^ 1);
  Write(path, bytes);
}

std::string Lines(const std::vector<Hash>& hashes) {
  std::string text;
  for (const Hash& hash : hashes) absl::StrAppend(&text, note::FormatBase64(hash.view()), "\n");
  return text;
}

// The exit code of a shell command; -1 if it did not exit by itself.
int ExitCode(const std::string& command) {
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

class SumdbTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::string pattern = (fs::temp_directory_path() / "lintas_sumdb_XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    work_ = new fs::path(pattern);
    // GOPATH mode: Debian ships the packages as source. The cache stays in the work folder so that
    // the test needs no home.
    ASSERT_EQ(
        ExitCode(absl::StrCat("cd '", kSourceDir, "' && GO111MODULE=off CGO_ENABLED=0 GOFLAGS= ",
                              "GOPATH=/usr/share/gocode GOCACHE='", work_->string(), "/cache' ",
                              "go build -o '", work_->string(), "/verify' verify.go")),
        0);
  }
  static void TearDownTestSuite() {
    if (work_ != nullptr) fs::remove_all(*work_);
    delete work_;
    work_ = nullptr;
  }

  SumdbTest()
      : random_(MakeOsRandom()),
        log_key_(SigningKey::Generate(*random_)),
        witness_key_(SigningKey::Generate(*random_)) {}

  void TearDown() override { fs::remove_all(dir_); }

  std::string SignedCheckpoint(const merkle::HashSource& source, TreeSize size) const {
    return note::SignCheckpoint({kOrigin, size, *merkle::RootAt(size, source)}, log_key_);
  }

  // Writes a ledger of `size` leaves to dir_, which extends one of `older`.
  void Export(uint64_t size, uint64_t older) {
    const merkle::Leaves leaves = merkle::NumberedLeaves(size);
    const merkle::BuiltTree tree(leaves);
    const merkle::TileHashSource source(tree.tiles, tree.builder);
    const auto key = note::MakeKey(kOrigin, note::SignatureType::kEd25519, log_key_.verify_key());
    Write(dir_ / "vkey", note::FormatVkey(*key));
    Write(dir_ / "checkpoint", SignedCheckpoint(source, TreeSize(size)));
    Write(dir_ / "older_checkpoint", SignedCheckpoint(source, TreeSize(older)));
    Write(dir_ / "consistency",
          Lines(*merkle::ConsistencyProof({TreeSize(older), TreeSize(size)}, source)));
    std::string text;
    for (const std::string& leaf : leaves) absl::StrAppend(&text, leaf, "\n");
    Write(dir_ / "leaves", text);
    for (uint64_t index : {uint64_t{0}, older - 1, older % size, size / 2, size - 1}) {
      Write(dir_ / "inclusion" / std::to_string(index),
            Lines(*merkle::InclusionProof(Index(index), TreeSize(size), source)));
    }
    ExportTiles(tree);
  }

  void ExportTiles(const merkle::BuiltTree& tree) {
    for (const auto& [place, hashes] : tree.tiles.tiles) {
      Write(dir_ / merkle::TilePath(place.first, place.second, merkle::kTileWidth), hashes);
    }
    for (int level = 0; level < 8; ++level) {
      const std::string hashes = tree.builder.PartialTile(level);
      if (hashes.empty()) continue;
      const uint32_t width = static_cast<uint32_t>(hashes.size() / Hash::kSize);
      Write(dir_ / merkle::TilePath(level, tree.builder.PartialTileIndex(level), width), hashes);
    }
  }

  // Exit code of the Go program: 0 accepted, 1 refused.
  int Verify() const {
    return ExitCode(absl::StrCat("'", work_->string(), "/verify' '", dir_.string(), "' > '",
                                 work_->string(), "/out' 2>&1"));
  }
  std::string Output() const { return Read(*work_ / "out"); }

  // Exit code of the Python program.
  int VerifyCosignature() const {
    return ExitCode(absl::StrCat("python3 '", kSourceDir, "/verify_cosignature.py' '",
                                 dir_.string(), "/witness_vkey' '", dir_.string(), "/cosigned' > '",
                                 work_->string(), "/out' 2>&1"));
  }

  void ExportCosigned() {
    const auto key =
        note::MakeKey(kWitness, note::SignatureType::kCosignature, witness_key_.verify_key());
    note::SignedNote signed_note = *note::ParseNote(
        note::SignCheckpoint({kOrigin, TreeSize(0), merkle::EmptyRoot()}, log_key_));
    note::AddSignature(&signed_note, note::Cosign(signed_note.text, kWitness, witness_key_,
                                                  absl::FromUnixSeconds(1700000000)));
    Write(dir_ / "witness_vkey", note::FormatVkey(*key));
    Write(dir_ / "cosigned", note::FormatNote(signed_note));
  }

  static fs::path* work_;
  std::unique_ptr<Random> random_;
  const SigningKey log_key_;
  const SigningKey witness_key_;
  const fs::path dir_ = *work_ / "ledger";
};

fs::path* SumdbTest::work_ = nullptr;

TEST_F(SumdbTest, GoAcceptsLedgersOfManyShapes) {
  const std::vector<std::pair<uint64_t, uint64_t>> shapes = {
      {1, 1}, {2, 1}, {7, 4}, {255, 100}, {256, 255}, {257, 256}, {1000, 513}, {70000, 65537}};
  for (const auto& [size, older] : shapes) {
    fs::remove_all(dir_);
    Export(size, older);
    EXPECT_EQ(Verify(), 0) << size << " " << older << ": " << Output();
    EXPECT_EQ(Output().substr(0, 3), "ok:");
  }
}

TEST_F(SumdbTest, GoRefusesAFlippedBitAnywhere) {
  Export(1000, 513);
  ASSERT_EQ(Verify(), 0) << Output();
  const std::string checkpoint = Read(dir_ / "checkpoint");
  struct Place {
    const char* file;
    size_t byte;
  };
  const Place places[] = {{"vkey", 0},
                          {"vkey", sizeof kOrigin + 12},
                          {"checkpoint", 0},
                          {"checkpoint", sizeof kOrigin},
                          {"checkpoint", sizeof kOrigin + 10},
                          {"checkpoint", checkpoint.size() - 20},
                          {"older_checkpoint", sizeof kOrigin},
                          {"consistency", 3},
                          {"consistency", 45 * 2 + 3},
                          {"inclusion/513", 3},
                          {"inclusion/999", 45 + 3},
                          {"leaves", 1},
                          {"tile/0/000", 0},
                          {"tile/0/002", 8191},
                          {"tile/0/003.p/232", 31},
                          {"tile/1/000.p/3", 40}};
  for (const Place& place : places) {
    const std::string before = Read(dir_ / place.file);
    FlipBit(dir_ / place.file, place.byte);
    EXPECT_EQ(Verify(), 1) << place.file << " " << place.byte;
    EXPECT_EQ(Output().substr(0, 8), "refused:") << Output();
    Write(dir_ / place.file, before);
  }
  EXPECT_EQ(Verify(), 0) << Output();
}

TEST_F(SumdbTest, GoRefusesAnotherLogsCheckpoint) {
  Export(7, 4);
  const SigningKey other = SigningKey::Generate(*random_);
  Write(dir_ / "checkpoint",
        note::SignCheckpoint({kOrigin, TreeSize(7), merkle::EmptyRoot()}, other));
  EXPECT_EQ(Verify(), 1) << Output();
}

TEST_F(SumdbTest, PythonAcceptsACosignature) {
  ExportCosigned();
  EXPECT_EQ(VerifyCosignature(), 0) << Output();
  EXPECT_EQ(Output(), absl::StrCat("ok: ", kWitness, " cosigned at 1700000000\n"));
}

TEST_F(SumdbTest, PythonRefusesAFlippedBit) {
  ExportCosigned();
  const std::string cosigned = Read(dir_ / "cosigned");
  // The origin, the root, the time and the signature.
  const size_t line = cosigned.rfind("— ") + sizeof "— " - 1 + sizeof kWitness;
  for (size_t byte : {size_t{0}, sizeof kOrigin + 5, line + 12, line + 40}) {
    Write(dir_ / "cosigned", cosigned);
    FlipBit(dir_ / "cosigned", byte);
    EXPECT_EQ(VerifyCosignature(), 1) << byte;
    EXPECT_EQ(Output().substr(0, 8), "refused:") << Output();
  }
  Write(dir_ / "cosigned", cosigned);
  EXPECT_EQ(VerifyCosignature(), 0) << Output();
}

}  // namespace
}  // namespace lintas
