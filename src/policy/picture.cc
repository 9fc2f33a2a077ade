// SPDX-License-Identifier: Apache-2.0
// The decision diagram laid out for a picture: a box for each question that still matters, under
// the one that leads to it, a row (or more) for each fact. An answer stands in its box; only the
// way to another question is a line.
#include <algorithm>
#include <map>
#include <unordered_map>

#include "policy/render_parts.h"
#include "policy/wording.h"

namespace firebreak::policy {
namespace {

constexpr size_t kBoxWidth = 270;
constexpr size_t kBoxGap = 24;
constexpr size_t kBoxesInRow = 4;
constexpr size_t kLineHeight = 18;
constexpr size_t kRowGap = 44;
constexpr size_t kLettersInLine = 34;
constexpr size_t kBoldLettersInLine = 30;

struct Branch {
  std::string answers;  // "Share or Call"
  NodeId to = 0;
};

struct Box {
  NodeId node = 0;
  size_t number = 0;  // from 1
  std::vector<Branch> branches;
  std::vector<std::string> lines;
  size_t title_lines = 0;
  size_t x = 0, y = 0;
  [[nodiscard]] size_t height() const { return 14 + kLineHeight * lines.size(); }
};

class PictureMaker {
 public:
  // `label` names a terminal's payload.
  PictureMaker(Analysis& analysis, std::function<std::string(uint32_t)> label)
      : compiled_(analysis.compiled()), diagram_(analysis.diagram()), label_(std::move(label)) {}

  Json run(NodeId root) {
    collect(root);
    for (Box& box : boxes_) write(box);
    place();
    return shown(root);
  }

 private:
  // Level by level; within a level in the order in which the boxes above lead to them.
  void collect(NodeId root) {
    std::map<uint32_t, std::vector<NodeId>> levels;
    if (!diagram_.is_terminal(root)) levels[diagram_.level(root)].push_back(root);
    for (auto at = levels.begin(); at != levels.end(); ++at) {
      for (const NodeId node : at->second) {
        Box box;
        box.node = node;
        box.number = boxes_.size() + 1;
        box.branches = branches(node);
        index_[node] = boxes_.size();
        for (const Branch& branch : box.branches) {
          if (diagram_.is_terminal(branch.to)) continue;
          std::vector<NodeId>& below = levels[diagram_.level(branch.to)];
          if (std::find(below.begin(), below.end(), branch.to) == below.end()) {
            below.push_back(branch.to);
          }
        }
        boxes_.push_back(std::move(box));
      }
    }
  }

  std::vector<Branch> branches(NodeId node) {
    const uint32_t level = diagram_.level(node);
    std::vector<Branch> out;
    for (uint32_t value = 0; value < diagram_.size(level); ++value) {
      const NodeId to = diagram_.children(node)[value];
      const std::string answer = level_answer(compiled_, level, value);
      const auto same = std::find_if(out.begin(), out.end(),
                                     [&](const Branch& branch) { return branch.to == to; });
      if (same != out.end()) {
        same->answers += "; or " + answer;
      } else {
        out.push_back({answer, to});
      }
    }
    return out;
  }

  std::string destination(NodeId to) {
    if (diagram_.is_terminal(to)) return label_(diagram_.payload(to));
    return "go to " + std::to_string(boxes_[index_[to]].number);
  }

  void write(Box& box) {
    box.lines = cut_into_lines(
        std::to_string(box.number) + ". " + level_question(compiled_, diagram_.level(box.node)),
        kBoldLettersInLine);
    box.title_lines = box.lines.size();
    for (const Branch& branch : box.branches) {
      for (std::string& line :
           cut_into_lines("• " + branch.answers + " → " + destination(branch.to), kLettersInLine)) {
        box.lines.push_back(std::move(line));
      }
    }
  }

  void place() {
    size_t y = 10;
    for (size_t i = 0; i < boxes_.size();) {
      const uint32_t level = diagram_.level(boxes_[i].node);
      size_t end = i;
      size_t height = 0;
      while (end < boxes_.size() && end - i < kBoxesInRow &&
             diagram_.level(boxes_[end].node) == level) {
        height = std::max(height, boxes_[end].height());
        ++end;
      }
      const size_t all = kBoxesInRow * (kBoxWidth + kBoxGap);
      const size_t used = (end - i) * (kBoxWidth + kBoxGap);
      for (size_t at = i; at < end; ++at) {
        boxes_[at].x = 10 + (all - used) / 2 + (at - i) * (kBoxWidth + kBoxGap);
        boxes_[at].y = y;
      }
      y += height + kRowGap;
      i = end;
    }
    height_ = y;
  }

  static std::string curve(const Box& from, const Box& to) {
    const auto n = [](size_t number) { return std::to_string(number); };
    const size_t x1 = from.x + kBoxWidth / 2;
    const size_t y1 = from.y + from.height();
    const size_t x2 = to.x + kBoxWidth / 2;
    return "M " + n(x1) + " " + n(y1) + " C " + n(x1) + " " + n(y1 + kRowGap) + " " + n(x2) + " " +
           n(to.y - std::min(to.y, kRowGap)) + " " + n(x2) + " " + n(to.y);
  }

  Json shown(NodeId root) {
    Json boxes = Json::array();
    Json curves = Json::array();
    for (const Box& box : boxes_) {
      boxes.push_back(shown_box(box));
      for (const Branch& branch : box.branches) {
        if (diagram_.is_terminal(branch.to)) continue;
        curves.push_back({{"CURVE", curve(box, boxes_[index_[branch.to]])}});
      }
    }
    Json out = {{"BOX", boxes},
                {"LINK", curves},
                {"PICTURE_WIDTH", std::to_string(20 + kBoxesInRow * (kBoxWidth + kBoxGap))},
                {"PICTURE_HEIGHT", std::to_string(height_)},
                {"PICTURE_BOXES", std::to_string(boxes_.size())}};
    if (boxes_.empty()) out["PICTURE_SAME"] = {{"PICTURE_ANSWER", label_(diagram_.payload(root))}};
    return out;
  }

  Json shown_box(const Box& box) {
    Json lines = Json::array();
    for (size_t i = 0; i < box.lines.size(); ++i) {
      const std::string& line = box.lines[i];
      Json shown = {{"LINE_X", std::to_string(box.x + 10)},
                    {"LINE_Y", std::to_string(box.y + 20 + kLineHeight * i)},
                    {"LINE_TEXT", line}};
      shown["LINE_STRONG"] = i < box.title_lines;
      lines.push_back(std::move(shown));
    }
    Json ways = Json::array();
    for (const Branch& branch : box.branches) {
      ways.push_back({{"WAY_ANSWERS", branch.answers}, {"WAY_TO", destination(branch.to)}});
    }
    return {{"BOX_NUMBER", std::to_string(box.number)},
            {"BOX_QUESTION", level_question(compiled_, diagram_.level(box.node))},
            {"BOX_X", std::to_string(box.x)},
            {"BOX_Y", std::to_string(box.y)},
            {"BOX_WIDTH", std::to_string(kBoxWidth)},
            {"BOX_HEIGHT", std::to_string(box.height())},
            {"LINE", lines},
            {"WAY", ways}};
  }

  const Policy::Compiled& compiled_;
  Diagram& diagram_;
  std::function<std::string(uint32_t)> label_;
  std::vector<Box> boxes_;
  std::unordered_map<NodeId, size_t> index_;
  size_t height_ = 0;
};

size_t inner_nodes(const Diagram& diagram, NodeId root) {
  const std::vector<NodeId> nodes = diagram.reachable(root);
  return static_cast<size_t>(std::count_if(
      nodes.begin(), nodes.end(), [&](NodeId node) { return !diagram.is_terminal(node); }));
}

// The diagram with `attribute` fixed to a value, when there is such an attribute and value.
NodeId with_fact(Analysis& analysis, NodeId node, const char* name, const std::string& value) {
  const Policy::Compiled& compiled = analysis.compiled();
  const Attribute* attribute = compiled.vocabulary.words.find(name);
  if (attribute == nullptr || attribute->kind != AttributeKind::one_of) return node;
  const auto index = attribute->value_index(value);
  const auto level = compiled.space.level_of(attribute->first_slot);
  if (!index || !level) return node;
  return analysis.diagram().fix(node, *level, static_cast<uint32_t>(*index));
}

}  // namespace

Json diagram_picture(Analysis& analysis) {
  const Policy::Compiled& compiled = analysis.compiled();
  const Diagram& diagram = analysis.diagram();
  if (inner_nodes(diagram, compiled.answers) <= kMostPictureBoxes) {
    Json out = PictureMaker(analysis, [&](uint32_t id) {
                 const Decision& decision = compiled.outcomes[id].decision;
                 return kind_label(shown_kind(decision)) + std::string(" (") +
                        spoken_name(decision.rule.substr(decision.rule.rfind('/') + 1)) + ")";
               }).run(compiled.answers);
    out["PICTURE_NOTE"] = "Each answer names the rule that gives it.";
    return out;
  }
  const auto kind = [](uint32_t payload) -> std::string {
    return kind_label(static_cast<ShownKind>(payload));
  };
  NodeId root = kinds_of(analysis);
  std::string note = "It shows which kind of answer is given, not by which rule.";
  const std::vector<std::string>& enforcement = compiled.vocabulary.words.enforcement;
  if (inner_nodes(diagram, root) > kMostPictureBoxes && !enforcement.empty()) {
    root = with_fact(analysis, root, "recipient", enforcement[0]);
    root = with_fact(analysis, root, "action", "share");
    note +=
        " The whole is too large for a picture: this is the part about sending information to "
        "an enforcement recipient. The decision table above holds the rest.";
  }
  if (inner_nodes(diagram, root) > kMostPictureBoxes) {
    return {{"PICTURE_NOTE", "This policy is too large for a picture."}};
  }
  Json out = PictureMaker(analysis, kind).run(root);
  out["PICTURE_NOTE"] = note;
  return out;
}

}  // namespace firebreak::policy
