// SPDX-License-Identifier: Apache-2.0
// The Policing Board's figures for some days, one referral's steps, and both as CSV.
#include "web/components/components.h"
#include "web/pages/board_view.h"
#include "web/pages/groups.h"
#include "web/pages/views.h"

namespace firebreak::web {
namespace {

using identity::Right;

// The first day of the calendar quarter.
Day quarter_of(Day day) {
  const unsigned month = (static_cast<unsigned>(day.month()) - 1) / 3 * 3 + 1;
  return Day{day.year(), std::chrono::month{month}, std::chrono::day{1}};
}

// The calendar quarter before that of the day.
Period quarter_before(Day day) {
  const Day last{std::chrono::sys_days{quarter_of(day)} - std::chrono::days{1}};
  return {quarter_of(last), last};
}

// A date of three boxes; nothing when all of them are empty. Error: bad_input.
Result<std::optional<Day>> date_of(const Form& query, const std::string& name) {
  const std::string day = query.value(name + "-day");
  const std::string month = query.value(name + "-month");
  const std::string year = query.value(name + "-year");
  if (day.empty() && month.empty() && year.empty()) return std::optional<Day>();
  const auto padded = [](const std::string& text) { return text.size() == 1 ? "0" + text : text; };
  const auto found = parse_day(year + "-" + padded(month) + "-" + padded(day));
  if (!found) return bad_input("Enter a real date, like 27 3 2026", name);
  return std::optional<Day>(*found);
}

struct AskedPeriod {
  Period period;
  FormErrors errors;
};

AskedPeriod asked_period(const Form& query, Day today) {
  AskedPeriod out{{quarter_of(today), today}, {}};
  for (const auto& [name, day] :
       {std::pair{"from", &out.period.first}, {"until", &out.period.last}}) {
    const auto found = date_of(query, name);
    if (!found) out.errors.add(std::string(name) + "-day", found.error().message);
    if (found && *found) *day = **found;
  }
  if (!out.errors.any() && out.period.last < out.period.first)
    out.errors.add("until-day", "The last day must not be before the first day");
  if (out.errors.any()) out.period = {quarter_of(today), today};
  return out;
}

Json date_boxes(const std::string& name, const std::string& legend, Day day, const Json& error) {
  const auto item = [&](const char* part, const std::string& value, const char* width) {
    return Json{{"name", part}, {"value", value}, {"classes", width}};
  };
  return components::date_input(
             {{"id", name},
              {"namePrefix", name},
              {"fieldset",
               {{"legend", {{"text", legend}, {"classes", "govuk-fieldset__legend--s"}}}}},
              {"errorMessage", error},
              {"items",
               {item("day", std::to_string(static_cast<unsigned>(day.day())),
                     "govuk-input--width-2"),
                item("month", std::to_string(static_cast<unsigned>(day.month())),
                     "govuk-input--width-2"),
                item("year", std::to_string(static_cast<int>(day.year())),
                     "govuk-input--width-4")}}})
      .json();
}

// Counting the first time reads every entry: on the pool for reads.
boost::asio::awaitable<Result<Json>> counted(Frame& frame, Period period, bool csv) {
  record::Figures& figures = frame.app().reg.figures();
  const auto policy = frame.policy_today();
  Block work = [&figures, policy, period, csv]() -> Result<Json> {
    FB_TRY(const record::Counts counts, figures.of(period.first, period.last));
    return csv ? Json(board_csv(counts, period)) : board_view(counts, period, policy.get());
  };
  Result<Json> found = co_await frame.app().long_reads.run(std::move(work));
  co_return found;
}

std::string period_query(const Period& period) {
  std::string query = "?";
  for (const auto& [name, day] : {std::pair{"from", period.first}, {"until", period.last}}) {
    const std::string prefix = std::string(query.size() > 1 ? "&" : "") + name;
    query += prefix + "-day=" + std::to_string(static_cast<unsigned>(day.day())) + "&" + name +
             "-month=" + std::to_string(static_cast<unsigned>(day.month())) + "&" + name +
             "-year=" + std::to_string(static_cast<int>(day.year()));
  }
  return query;
}

PageResponse board_page(Frame& frame, Request& request) {
  const auto members = request.query_members();
  if (!members) co_return frame.error_page(request, members.error());
  const AskedPeriod asked = asked_period(Form(*members), london_day(frame.app().reg.clock().now()));
  Result<Json> model = co_await counted(frame, asked.period, false);
  if (!model) co_return frame.error_page(request, model.error());
  asked.errors.put_in(*model);
  (*model)["HTML_FROM"] =
      date_boxes("from", "First day", asked.period.first, asked.errors.of("from-day"));
  (*model)["HTML_UNTIL"] =
      date_boxes("until", "Last day", asked.period.last, asked.errors.of("until-day"));
  (*model)["HTML_COUNT"] =
      components::button({{"text", "Count these days"}, {"classes", "govuk-button--secondary"}})
          .json();
  const Period last = quarter_before(london_day(frame.app().reg.clock().now()));
  (*model)["LAST_QUARTER_LINK"] = "/board" + period_query(last);
  (*model)["LAST_QUARTER"] = say_day(last.first) + " to " + say_day(last.last);
  (*model)["CSV_LINK"] = "/board/figures.csv" + period_query(asked.period);
  co_return frame.show(request, asked.errors.any() ? 400 : 200, "board.html", *std::move(model));
}

PageResponse board_csv_file(Frame& frame, Request& request) {
  const auto members = request.query_members();
  if (!members) co_return frame.error_page(request, members.error());
  const AskedPeriod asked = asked_period(Form(*members), london_day(frame.app().reg.clock().now()));
  if (asked.errors.any()) {
    co_return frame.error_page(request, bad_input("The days of these figures are not dates.", {},
                                                  "Choose them on the page of the figures."));
  }
  Result<Json> text = co_await counted(frame, asked.period, true);
  if (!text) co_return frame.error_page(request, text.error());
  Response response;
  response.content_type = "text/csv; charset=utf-8; header=present";
  response.body = text->get<std::string>();
  response.headers.push_back({"Content-Disposition", "attachment; filename=\"firebreak-figures-" +
                                                         format_day(asked.period.first) + "-" +
                                                         format_day(asked.period.last) + ".csv\""});
  co_return response;
}

PageResponse board_referral_page(Frame& frame, Request& request) {
  record::Reader& reader = frame.app().reg.reader();
  const std::string ref(request.parameter("ref"));
  const auto policy = frame.policy_today();
  Block work = [&reader, policy, ref]() -> Result<Json> {
    FB_TRY(const record::ReferralState state, reader.referral(ref));
    FB_TRY(const std::vector<Json> entries, reader.history(state));
    return board_referral_view(state, entries, policy.get());
  };
  Result<Json> model = co_await frame.app().reads.run(std::move(work));
  if (!model) co_return frame.error_page(request, model.error());
  co_return frame.show(request, 200, "board_referral.html", *std::move(model));
}

}  // namespace

void add_board_pages(Router& router, const std::shared_ptr<Frame>& frame) {
  frame->add_navigation({"Figures", "/board", Right::check_ledger});
  add_page_routes(router, frame,
                  {{"GET", "/board", board_page, Right::check_ledger},
                   {"GET", "/board/figures.csv", board_csv_file, Right::check_ledger},
                   {"GET", "/board/referrals/{ref}", board_referral_page, Right::check_ledger}});
}

}  // namespace firebreak::web
