// SPDX-License-Identifier: Apache-2.0
// SQLite's C interface with ownership and Results: a connection, a prepared statement. Error texts
// are fixed ones of SQLite's: they never hold a value.
//
//   FB_TRY(Database db, Database::open(path, OpenMode::read_write));
//   FB_TRY(Statement insert, db.prepare("INSERT INTO t VALUES (?, ?)"));
//   FB_CHECK(insert.run(7, "text"));
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "base/result.h"

namespace firebreak::record {

// How badly a connection has failed so far.
enum class Fault {
  none,
  batch,  // this transaction cannot be completed (disk full, no memory); a later one may be
  fatal,  // what is on disk is not known (I/O error) or not sound (damaged)
};

class Database;

// A prepared statement. Texts and blobs that are bound must live until the statement has run.
class Statement {
 public:
  Statement(Statement&&) noexcept = default;
  Statement& operator=(Statement&&) noexcept = default;

  // Binds all parameters in their order. Always from a clean state.
  template <typename... Values>
  void bind(const Values&... values) {
    reset();
    int at = 0;
    (bind_one(++at, values), ...);
  }
  // Binds and runs a statement that gives no rows.
  template <typename... Values>
  Result<void> run(const Values&... values) {
    bind(values...);
    FB_TRY([[maybe_unused]] const bool row, step());
    reset();
    return {};
  }
  // True when there is a row, false at the end.
  Result<bool> step();
  void reset();

  [[nodiscard]] int64_t integer(int column) const;
  [[nodiscard]] bool is_null(int column) const;
  // The SQLite type of the value: SQLITE_INTEGER, SQLITE_TEXT, SQLITE_BLOB, SQLITE_NULL.
  [[nodiscard]] int type(int column) const;
  // Valid until the next step.
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] std::span<const uint8_t> blob(int column) const;

 private:
  friend class Database;
  struct Finalise {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  Statement(sqlite3_stmt* statement, Fault* fault) : statement_(statement), fault_(fault) {}
  void bind_one(int at, int64_t value);
  void bind_one(int at, uint64_t value) { bind_one(at, static_cast<int64_t>(value)); }
  void bind_one(int at, std::string_view value);
  void bind_one(int at, std::span<const uint8_t> value);
  void bind_one(int at, std::nullptr_t value);

  std::unique_ptr<sqlite3_stmt, Finalise> statement_;
  Fault* fault_;
};

enum class OpenMode {
  create,      // a new file
  read_write,  // an existing file
  read_only,   // an existing file; cannot write, whatever is asked of it
  immutable,   // read only, in a folder where nothing can be written and nobody writes
};

class Database {
 public:
  // Errors: unavailable, corrupt (not a database).
  static Result<Database> open(const std::filesystem::path& path, OpenMode mode);
  Database(Database&&) noexcept = default;
  Database& operator=(Database&&) noexcept = default;

  Result<void> execute(const char* sql);
  Result<Statement> prepare(const char* sql);

  [[nodiscard]] Fault fault() const { return *fault_; }
  void forget_fault() { *fault_ = Fault::none; }
  void note_fault(Fault fault) { *fault_ = fault; }
  // False when a transaction is open.
  [[nodiscard]] bool autocommit() const;

 private:
  struct Close {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  };
  explicit Database(sqlite3* db) : fault_(std::make_unique<Fault>(Fault::none)), db_(db) {}
  std::unique_ptr<Fault> fault_;  // shared with the statements, at a fixed place
  std::unique_ptr<sqlite3, Close> db_;
};

}  // namespace firebreak::record
