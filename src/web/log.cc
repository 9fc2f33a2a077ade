// SPDX-License-Identifier: Apache-2.0
#include "web/log.h"

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <ostream>

namespace firebreak::web {
namespace {

constexpr std::string_view name_of(Log::Level level) {
  switch (level) {
    case Log::Level::debug:
      return "debug";
    case Log::Level::info:
      return "info";
    case Log::Level::warning:
      return "warning";
    case Log::Level::error:
      return "error";
  }
  return "error";
}

}  // namespace

struct Log::Writer {
  explicit Writer(spdlog::sink_ptr sink) : logger("firebreak", std::move(sink)) {
    logger.set_pattern("%v");
    logger.set_level(spdlog::level::trace);
  }
  spdlog::logger logger;
};

Log::Log(const Clock& clock, Level least)
    : clock_(clock),
      least_(least),
      writer_(std::make_unique<Writer>(std::make_shared<spdlog::sinks::stderr_sink_mt>())) {}

Log::Log(const Clock& clock, Level least, std::ostream& stream)
    : clock_(clock),
      least_(least),
      writer_(std::make_unique<Writer>(
          std::make_shared<spdlog::sinks::ostream_sink_mt>(stream, true))) {}

Log::~Log() = default;

void Log::event(Level level, std::string_view name, Json members) {
  if (!takes(level)) return;
  members["at"] = format_instant(clock_.now());
  members["level"] = name_of(level);
  members["event"] = name;
  // The text goes in as one argument that nothing expands again.
  writer_->logger.log(spdlog::level::info, spdlog::string_view_t(members.dump(
                                               -1, ' ', false, Json::error_handler_t::replace)));
}

}  // namespace firebreak::web
