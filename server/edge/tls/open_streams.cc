#include "server/edge/tls/open_streams.h"

#include <utility>

#include "server/base/error.h"

namespace lintas {

OpenStreams::OpenStreams(TrustStore* trust) : trust_(trust) {
  listener_ = trust_->AddListener([this] { JudgeAgain(); });
}

OpenStreams::~OpenStreams() { trust_->RemoveListener(listener_); }

uint64_t OpenStreams::Add(std::string leaf_pem, Peer peer, absl::Time now,
                          std::function<void(absl::Status)> cut) {
  absl::MutexLock lock(&mutex_);
  const uint64_t id = next_++;
  Stream& stream = streams_[id];
  stream = Stream{std::move(leaf_pem), peer, now, std::move(cut)};
  // Trust may have changed between the call's check and this line.
  const absl::Status verdict = trust_->Judge(stream.leaf_pem, peer, now).status();
  if (!verdict.ok()) Cut(&stream, verdict);
  return id;
}

void OpenStreams::Remove(uint64_t stream) {
  absl::MutexLock lock(&mutex_);
  streams_.erase(stream);
}

void OpenStreams::Tick(absl::Time now) {
  absl::MutexLock lock(&mutex_);
  for (auto& [id, stream] : streams_) {
    if (now - stream.opened < kStreamAgeMax) continue;
    Cut(&stream, MakeError(absl::StatusCode::kUnavailable, "STREAM_AGE",
                           "a stream lives at most an hour; open another"));
  }
}

size_t OpenStreams::size() const {
  absl::MutexLock lock(&mutex_);
  return streams_.size();
}

void OpenStreams::JudgeAgain() {
  const absl::Time now = trust_->clock().Now();
  absl::MutexLock lock(&mutex_);
  for (auto& [id, stream] : streams_) {
    const absl::Status verdict = trust_->Judge(stream.leaf_pem, stream.peer, now).status();
    if (!verdict.ok()) Cut(&stream, verdict);
  }
}

void OpenStreams::Cut(Stream* stream, const absl::Status& why) {
  if (stream->cut) std::exchange(stream->cut, nullptr)(why);
}

}  // namespace lintas
