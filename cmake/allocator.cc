// jemalloc's settings, compiled into each program that links it (cmake: lintas_allocator).
//
// A record is a few dozen short-lived allocations, so what counts is that their pages stay: fresh
// and small pages cost more than the allocations (docs/performance.md has the pairs). One arena a
// core, huge pages, freed pages kept for a minute, and no arena apart for what is over 8 MiB.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf =
    "narenas:2,thp:always,metadata_thp:always,dirty_decay_ms:60000,oversize_threshold:0";
}
