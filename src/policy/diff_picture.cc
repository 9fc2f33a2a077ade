// SPDX-License-Identifier: Apache-2.0
// The grid of a difference as a picture: a box for each pair of values, with the shares written in
// it and drawn below them as a bar. Each way to differ has a colour and a pattern.
#include "policy/diff_page.h"
#include "policy/diff_share.h"
#include "policy/wording.h"

namespace firebreak::policy {
namespace {

constexpr size_t kLabelWidth = 170;  // the rows' labels
constexpr size_t kLabelLetters = 21;
constexpr size_t kCellWidth = 156;
constexpr size_t kCellLetters = 17;  // of the columns' labels
constexpr size_t kCellHeight = 92;
constexpr size_t kPicturePad = 8;
constexpr size_t kTextLine = 18;
constexpr size_t kBarHeight = 16;
constexpr size_t kPatternStep = 5;
constexpr size_t kLegendHeight = 40;

// A way in which the second policy's answer differs.
struct DiffWay {
  const char* css;  // the class of its bar
  const char* word;
  Count DiffCounts::* count;
  bool across;  // whether the pattern has lines across, and down
  bool down;
};
constexpr std::array<DiffWay, 3> kDiffWays = {{
    {"STRICTER", "stricter", &DiffCounts::stricter, false, true},
    {"LOOSER", "more open", &DiffCounts::looser, true, false},
    {"OTHERWISE", "otherwise", &DiffCounts::otherwise, true, true},
}};

std::string digits(size_t number) { return std::to_string(number); }

// The white lines over a bar.
std::string pattern(const DiffWay& way, size_t x, size_t y, size_t width) {
  std::string out;
  for (size_t at = kPatternStep; way.down && at < width; at += kPatternStep) {
    out += "M" + digits(x + at) + " " + digits(y) + "v" + digits(kBarHeight) + " ";
  }
  for (size_t at = kPatternStep; way.across && at < kBarHeight; at += kPatternStep) {
    out += "M" + digits(x) + " " + digits(y + at) + "h" + digits(width) + " ";
  }
  return out;
}

Json bar(const DiffWay& way, size_t x, size_t y, size_t width) {
  return {{"BAR_X", digits(x)},
          {"BAR_Y", digits(y)},
          {"BAR_WIDTH", digits(width)},
          {"BAR_HEIGHT", digits(kBarHeight)},
          {"BAR_PATTERN", pattern(way, x, y, width)},
          {std::string("BAR_") + way.css, true}};
}

Json text_at(size_t x, size_t y, const std::string& text) {
  return {{"LINE_X", digits(x)}, {"LINE_Y", digits(y)}, {"LINE_TEXT", text}};
}

class GridPicture {
 public:
  GridPicture(const DiffGrid& grid, const Vocabulary& words)
      : grid_(grid),
        rows_(words.attributes[grid.attributes[0]]),
        columns_(words.attributes[grid.attributes[1]]) {}

  Json run() {
    legend();
    headings();
    for (size_t row = 0; row < grid_.cells.size(); ++row) {
      add_lines(kPicturePad, top(row) + kTextLine, rows_.values[row].label, kLabelLetters);
      for (size_t column = 0; column < grid_.cells[row].size(); ++column) {
        cell(row, column);
      }
    }
    return {{"BOX", std::move(boxes_)},
            {"BAR", std::move(bars_)},
            {"LINE", std::move(lines_)},
            {"CELL", std::move(table_)},
            {"PICTURE_ROWS", asked_as(rows_)},
            {"PICTURE_COLUMNS", asked_as(columns_)},
            {"PICTURE_WIDTH", digits(left(columns_.values.size()) + kPicturePad)},
            {"PICTURE_HEIGHT", digits(top(rows_.values.size()) + kPicturePad)}};
  }

 private:
  static size_t left(size_t column) { return kLabelWidth + column * kCellWidth; }
  [[nodiscard]] size_t top(size_t row) const { return top_ + row * kCellHeight; }

  void add_lines(size_t x, size_t y, const std::string& text, size_t letters) {
    for (const std::string& line : cut_into_lines(text, letters)) {
      lines_.push_back(text_at(x, y, line));
      y += kTextLine;
    }
  }

  void legend() {
    size_t x = kPicturePad;
    for (const auto& [way, words] : {std::pair(kDiffWays[0], "the second is stricter"),
                                     std::pair(kDiffWays[1], "the second is more open"),
                                     std::pair(kDiffWays[2], "it differs otherwise")}) {
      bars_.push_back(bar(way, x, kPicturePad, 40));
      lines_.push_back(text_at(x + 48, kPicturePad + 13, words));
      x += 230;
    }
  }

  void headings() {
    size_t most = 0;
    for (size_t column = 0; column < columns_.values.size(); ++column) {
      const std::string& label = columns_.values[column].label;
      most = std::max(most, cut_into_lines(label, kCellLetters).size());
      add_lines(left(column) + kPicturePad, kLegendHeight + kTextLine, label, kCellLetters);
    }
    top_ = kLegendHeight + kTextLine * most + kTextLine;
  }

  void cell(size_t row, size_t column) {
    const DiffCounts& counts = grid_.cells[row][column];
    const size_t x = left(column) + kPicturePad;
    boxes_.push_back({{"BOX_X", digits(left(column))},
                      {"BOX_Y", digits(top(row))},
                      {"BOX_WIDTH", digits(kCellWidth)},
                      {"BOX_HEIGHT", digits(kCellHeight)}});
    table_.push_back(table_row(row, column));
    size_t y = top(row) + kTextLine;
    if (counts.differing() == 0) {
      lines_.push_back(text_at(x, y, counts.situations == 0 ? "cannot be" : "the same"));
      return;
    }
    size_t bar_x = x;
    for (const DiffWay& way : kDiffWays) {
      const Count& part = counts.*way.count;
      if (part == 0) continue;
      lines_.push_back(text_at(x, y, share(part, counts.situations) + " " + way.word));
      y += kTextLine;
      const size_t width = bar_width(part, counts.situations);
      bars_.push_back(bar(way, bar_x, top(row) + kCellHeight - kBarHeight - kPicturePad, width));
      bar_x += width;
    }
  }

  // At least two, so that what is there is seen; the bar then may be that much too long, which its
  // box has room for.
  static size_t bar_width(const Count& part, const Count& whole) {
    const Count width = part * (kCellWidth - 3 * kPicturePad) / whole;
    return std::max<size_t>(static_cast<size_t>(width), 2);
  }

  [[nodiscard]] Json table_row(size_t row, size_t column) const {
    const DiffCounts& counts = grid_.cells[row][column];
    const auto shown = [&](const Count& part) {
      if (part == 0) return std::string("0");
      return grouped(part) + " (" + share(part, counts.situations) + ")";
    };
    return {{"CELL_ROW", rows_.values[row].label},
            {"CELL_COLUMN", columns_.values[column].label},
            {"CELL_SITUATIONS", grouped(counts.situations)},
            {"CELL_STRICTER", shown(counts.stricter)},
            {"CELL_LOOSER", shown(counts.looser)},
            {"CELL_OTHERWISE", shown(counts.otherwise)},
            {"CELL_SAME", shown(counts.situations - counts.differing())}};
  }

  const DiffGrid& grid_;
  const Attribute& rows_;
  const Attribute& columns_;
  size_t top_ = 0;  // of the first row of boxes
  Json boxes_ = Json::array();
  Json bars_ = Json::array();
  Json lines_ = Json::array();
  Json table_ = Json::array();
};

}  // namespace

Json grid_picture(const DiffGrid& grid, const Vocabulary& words) {
  return GridPicture(grid, words).run();
}

}  // namespace firebreak::policy
