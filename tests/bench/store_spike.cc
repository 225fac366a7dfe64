// Throwaway: the commit path of the RocksDB store to N entries, then reads.
#include <sys/resource.h>
#include <unistd.h>
#include <chrono>
#include <cstdio>
#include <random>
#include <thread>
#include <atomic>
#include <algorithm>
#include <cstdlib>
#include "server/store/rocksdb/rocksdb_store.h"
using namespace lintas; using Clk=std::chrono::steady_clock;
static double secs(Clk::time_point a){return std::chrono::duration<double>(Clk::now()-a).count();}
static double cpu(){rusage r; getrusage(RUSAGE_SELF,&r); return r.ru_utime.tv_sec+r.ru_utime.tv_usec/1e6+r.ru_stime.tv_sec+r.ru_stime.tv_usec/1e6;}
static double tcpu(){timespec t; clock_gettime(CLOCK_THREAD_CPUTIME_ID,&t); return t.tv_sec+t.tv_nsec/1e9;}
static std::string body(uint64_t i,int f){ char b[40]; uint64_t x=(i*6+f+1)*0x9e3779b97f4a7c15ull; x^=x>>29; x*=0xbf58476d1ce4e5b9ull; x^=x>>32; snprintf(b,sizeof b,"%016lx%02d",x,f); return std::string(b,18);}
#include <malloc.h>
int main(int c,char**v){ if(getenv("KEEP_PAGES")){ mallopt(M_MMAP_THRESHOLD,1<<30); mallopt(M_TRIM_THRESHOLD,1<<30); mallopt(M_TOP_PAD,64<<20);} uint64_t N=atol(v[1]); uint64_t B=c>2?atol(v[2]):1000; std::string dir=c>3?v[3]:"/tmp/store_spike.db"; if(system(("rm -rf "+dir).c_str())) return 1;
 RocksDbStoreOptions o; o.path=dir; auto so=RocksDbStore::Open(o); if(!so.ok()){printf("%s\n",so.status().ToString().c_str());return 1;} auto s=std::move(*so);
 std::mt19937_64 r(7); std::string h(260,'h'),p(600,'p'),k(60,'k'); for(auto&x:h)x=r(); for(auto&x:p)x=r(); for(auto&x:k)x=r();
 std::atomic<bool> done{false}; std::thread bg([&]{ while(!done){ auto st=s->BackgroundStep(); if(!st.ok()){printf("bg %s\n",st.status().ToString().c_str());return;} if(!*st) usleep(2000);} });
 double gen=0,c0=cpu(),m0=tcpu(); auto t0=Clk::now(),tl=t0; uint64_t last=0; std::vector<double> lat; double gcpu=0;
 for(uint64_t i=0;i<N;){ auto g=Clk::now(); double gc=tcpu(); Batch b; auto&rows=b.entries[0]; rows.reserve(B); b.derived.reserve(B*6); uint64_t n=std::min(B,N-i); for(uint64_t j=0;j<n;j++,i++){ rows.push_back({h,p,k}); for(int f=0;f<6;f++) b.derived.push_back(DerivedKey::Make('a'+f,body(i,f),{LedgerId::kExchange,Index(i)})); } b.state_puts={{"counter",std::to_string(i)}}; gen+=secs(g); gcpu+=tcpu()-gc;
  auto w=Clk::now(); auto st=s->Commit(std::move(b)); lat.push_back(secs(w)); if(!st.ok()){printf("%s\n",st.ToString().c_str());return 1;}
  if(i-last>=N/6){ printf("at %lu: %.0f entries/s\n",i,(i-last)/secs(tl)); fflush(stdout); tl=Clk::now(); last=i; } }
 double el=secs(t0), mc=tcpu()-m0; std::sort(lat.begin(),lat.end());
 rusage ru; getrusage(RUSAGE_SELF,&ru);
 printf("total %.0f entries/s (without making the batches %.0f), cpu %.2f us/entry of which commit thread %.2f and making batches %.2f; commit p50 %.2f ms p99 %.2f ms max %.0f ms; rss peak %ld MB\n",N/el,N/(el-gen),(cpu()-c0)/N*1e6,(mc-gcpu)/N*1e6,gcpu/N*1e6,lat[lat.size()/2]*1e3,lat[lat.size()*99/100]*1e3,lat.back()*1e3,ru.ru_maxrss/1024);
 auto w=Clk::now(); while(true){ bool busy=false; for(auto&x:s->Statistics()) if(x.first=="running_compactions"&&x.second) busy=true; if(!busy) break; usleep(50000);} printf("settled +%.1f s, cpu %.2f us/entry\n",secs(w),(cpu()-c0-gcpu)/N*1e6);
 for(auto&x:s->Statistics()) printf("  %s %lu\n",x.first.c_str(),x.second);
 auto measure=[&](const char*name,int n,auto f){ for(int i=0;i<n/4;i++) f(i); std::vector<double> l; for(int i=0;i<n;i++){auto a=Clk::now(); f(i); l.push_back(secs(a)*1e6);} std::sort(l.begin(),l.end()); printf("%s p50 %.1f us p99 %.1f us\n",name,l[n/2],l[n*99/100]); };
 if(getenv("COMMIT_ONLY")) { done=true; bg.join(); return 0;}
 uint64_t mark=s->DerivedMark().exchange.value(); printf("mark %lu of %lu\n",mark,N);
 auto get=[&](uint64_t i){ auto e=s->GetEntry({LedgerId::kExchange,Index(i)}); if(!e.ok()||e->header.size()!=260){printf("bad %s\n",e.status().ToString().c_str());exit(1);} };
 measure("GetEntry any",40000,[&](int){get(r()%N);}); measure("GetEntry newest 10000",40000,[&](int){get(N-1-r()%10000);});
 measure("GetEntry any again (warm 100k)",100000,[&](int i){get((i*7919ull)%20000*(N/20000));});
 auto find=[&](uint64_t i,int f){ DerivedKey d=DerivedKey::Make('a'+f,body(i,f),{LedgerId::kExchange,Index(i)}); auto x=s->Find(d.view().substr(0,24),absl::nullopt,10); if(x.size()!=1||!(x[0]==d)){printf("find bad %lu\n",i);exit(1);} };
 measure("Find in files",40000,[&](int){uint64_t i=r()%mark; find(i,i%6);});
 if(mark<N) measure("Find in tail",40000,[&](int){uint64_t i=mark+r()%(N-mark); find(i,i%6);});
 measure("Find nothing",40000,[&](int){ auto x=s->Find(DerivedKey::Make('a',body(N+r()%N,0),{LedgerId::kExchange,Index(0)}).view().substr(0,24),absl::nullopt,10); if(!x.empty()) exit(1);});
 measure("Find short prefix (7 bytes)",20000,[&](int){ auto x=s->Find(DerivedKey::Make('a',body(r()%N,0),{LedgerId::kExchange,Index(0)}).view().substr(0,7),absl::nullopt,10);});
 { auto a=Clk::now(); auto sn=s->GetSnapshot(); uint64_t n=0,by=0; (void)sn->ScanEntries(LedgerId::kExchange,Index(0),[&](Index,EntryRow&&e){n++;by+=e.header.size()+e.payload.size();return true;}); printf("scan %lu entries %.0f entries/s\n",n,n/secs(a)); }
 done=true; bg.join(); s.reset(); auto a=Clk::now(); auto s2=RocksDbStore::Open(o); printf("reopen %s %.2f s\n",s2.status().ToString().c_str(),secs(a)); getrusage(RUSAGE_SELF,&ru); printf("rss peak %ld MB\n",ru.ru_maxrss/1024); s2->reset(); if(system(("du -sh "+dir).c_str())) return 1; }
