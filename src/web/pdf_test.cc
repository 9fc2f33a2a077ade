// SPDX-License-Identifier: Apache-2.0
#include "web/pdf.h"

#include <gtest/gtest.h>

namespace firebreak::web {
namespace {

TEST(Pdf, IsTaggedWithLanguageAndTitleAndFetchesNothing) {
  const auto pdf = make_pdf(
      "<!DOCTYPE html><html lang=\"en-GB\"><head><title>Your request</title></head><body>"
      "<h1>Your request</h1><p>Zebedee</p><img src=\"http://127.0.0.1:9/x.png\" alt=\"\">"
      "<img src=\"file:///etc/passwd\" alt=\"\"></body></html>");
  ASSERT_TRUE(pdf.ok()) << pdf.error().text();
  for (const char* part : {"/StructTreeRoot", "/Lang", "pdfuaid"})
    EXPECT_NE(pdf->find(part), std::string::npos) << part;
  EXPECT_EQ(pdf->find("/EmbeddedFile"), std::string::npos);
}

}  // namespace
}  // namespace firebreak::web
