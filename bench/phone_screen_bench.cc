// SPDX-License-Identifier: Apache-2.0
// What screening one dialled text costs beside 1,000 listed numbers, one thread:
//
//   cmake --preset bench && cmake --build build/bench --target phone_screen_bench
//   taskset -c 3 build/bench/bin/phone_screen_bench
//
// Texts: ordinary calls, spellings that are to slip through, and the longest that are read, made so
// that as many readings as possible stay open.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "channel/phone/listed_numbers.h"

namespace {

using firebreak::phone::kLongestDialled;
using firebreak::phone::ListedNumber;
using firebreak::phone::ListedNumbers;

// 01632 960000 to 960999, which are for drama; one is open.
ListedNumbers thousand_numbers() {
  std::vector<ListedNumber> numbers;
  for (int i = 0; i < 1000; ++i) {
    std::string last = std::to_string(1000 + i).substr(1);
    numbers.push_back({"+441632960" + last, "destination", i != 999});
  }
  auto listed = ListedNumbers::make(std::move(numbers));
  if (!listed) std::abort();
  return *std::move(listed);
}

std::string repeated(const std::string& text) {
  std::string out;
  while (out.size() + text.size() <= kLongestDialled) out += text;
  return out;
}

void screen(benchmark::State& state, const std::string& dialled) {
  static const ListedNumbers numbers = thousand_numbers();
  for (auto _ : state) benchmark::DoNotOptimize(numbers.screen(dialled));
}

struct Text {
  const char* name;
  std::string dialled;
};

}  // namespace

int main(int argc, char** argv) {
  const std::vector<Text> texts = {
      {"emergency", "999"},
      {"ordinary", "020 7946 0123"},
      {"ordinary_sip", "sip:+442079460123@trunk.example;user=phone"},
      {"open", "01632 960999"},
      {"closed", "01632 960123"},
      {"closed_withheld", "141 01632 960123"},
      {"closed_encoded", "sip:%2530%31632960123@trunk.example"},
      {"closed_letters", "O1632 96O W23"},
      {"closed_other_script", "٠١٦٣٢٩٦٠١٢٣"},
      {"name", "sip:a.long.name.of.a.person@department.force.example"},
      {"longest_digits", repeated("163296")},
      {"longest_letters", repeated("lMDcWo")},
      {"longest_encoded", repeated("%2525252525252530")},
  };
  for (const Text& text : texts) {
    benchmark::RegisterBenchmark(text.name,
                                 [&text](benchmark::State& s) { screen(s, text.dialled); });
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
