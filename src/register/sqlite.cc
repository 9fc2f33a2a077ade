// SPDX-License-Identifier: Apache-2.0
#include "register/sqlite.h"

namespace firebreak::record {
namespace {

Error error_of(int code, Fault* fault) {
  const std::string said = sqlite3_errstr(code);
  const auto worsen = [&](Fault to) {
    if (*fault != Fault::fatal) *fault = to;
  };
  switch (code & 0xff) {
    case SQLITE_FULL:
      worsen(Fault::batch);
      return {ErrorCode::unavailable,
              "The disk that holds the register is full.",
              {},
              "Make room; nothing was recorded."};
    case SQLITE_IOERR:
      worsen(Fault::fatal);
      return {ErrorCode::unavailable,
              "The disk that holds the register failed (" + said + ").",
              {},
              "Check the disk, run `firebreak ledger verify`, then start the service again."};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      worsen(Fault::fatal);
      return {ErrorCode::corrupt,
              "The register's database file is damaged (" + said + ").",
              {},
              "Stop the service, keep the file, and restore the last good copy."};
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      worsen(Fault::batch);
      return {ErrorCode::unavailable,
              "The register's database cannot be written or opened.",
              {},
              "Check the rights of the data folder and that its disk is mounted for writing."};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
    case SQLITE_INTERRUPT:
      worsen(Fault::batch);
      return {ErrorCode::unavailable, "The register is busy (" + said + ").", {}, "Try again."};
    default:
      return internal_error("The database refused a statement (" + said + ").");
  }
}

}  // namespace

void Statement::bind_one(int at, int64_t value) { sqlite3_bind_int64(statement_.get(), at, value); }
void Statement::bind_one(int at, std::string_view value) {
  // A null pointer would bind NULL, so an empty text is given an address.
  sqlite3_bind_text64(statement_.get(), at, value.empty() ? "" : value.data(), value.size(),
                      SQLITE_STATIC, SQLITE_UTF8);
}
void Statement::bind_one(int at, std::span<const uint8_t> value) {
  sqlite3_bind_blob64(statement_.get(), at,
                      value.empty() ? static_cast<const void*>("") : value.data(), value.size(),
                      SQLITE_STATIC);
}
void Statement::bind_one(int at, std::nullptr_t /*value*/) {
  sqlite3_bind_null(statement_.get(), at);
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  const int extended = sqlite3_extended_errcode(sqlite3_db_handle(statement_.get()));
  sqlite3_reset(statement_.get());
  return error_of(extended, fault_);
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
}

int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}
bool Statement::is_null(int column) const { return type(column) == SQLITE_NULL; }
int Statement::type(int column) const { return sqlite3_column_type(statement_.get(), column); }

std::string_view Statement::text(int column) const {
  const auto bytes = blob(column);
  return as_text(bytes);
}
std::span<const uint8_t> Statement::blob(int column) const {
  const void* data = sqlite3_column_blob(statement_.get(), column);
  const auto size = static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column));
  return {static_cast<const uint8_t*>(data), data == nullptr ? 0 : size};
}

Result<Database> Database::open(const std::filesystem::path& path, OpenMode mode) {
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_URI;
  flags |= mode == OpenMode::create || mode == OpenMode::read_write ? SQLITE_OPEN_READWRITE
                                                                    : SQLITE_OPEN_READONLY;
  if (mode == OpenMode::create) flags |= SQLITE_OPEN_CREATE;
  // As a URI, in which %, ? and # of a path must be written in hexadecimal.
  std::string name = "file:";
  for (const char c : std::filesystem::absolute(path).string()) {
    if (c == '%' || c == '?' || c == '#') {
      const uint8_t byte = static_cast<uint8_t>(c);
      name += "%" + hex({&byte, 1});
    } else {
      name += c;
    }
  }
  if (mode == OpenMode::immutable) name += "?immutable=1";
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &raw, flags, nullptr);
  Database db(raw);
  if (code != SQLITE_OK) return error_of(code, db.fault_.get());
  sqlite3_busy_timeout(raw, 5000);
  // A database is data, never instructions: no functions from its schema, no double-quoted strings.
  sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  return db;
}

Result<void> Database::execute(const char* sql) {
  const int code = sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error_of(sqlite3_extended_errcode(db_.get()), fault_.get());
  return {};
}

Result<Statement> Database::prepare(const char* sql) {
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v3(db_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  if (code != SQLITE_OK) return error_of(sqlite3_extended_errcode(db_.get()), fault_.get());
  return Statement(raw, fault_.get());
}

bool Database::autocommit() const { return sqlite3_get_autocommit(db_.get()) != 0; }

}  // namespace firebreak::record
