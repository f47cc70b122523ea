# Print the organisations of run 1 in its last year, by scenario: people (of a trust or group,
# its share of referrals as people), income and reserves at the scale of the sample, integration.
#
#   Rscript examples/r/organisations.R RESULT
#
# Reads Parquet with the package nanoparquet or arrow where one is installed, else the CSV of --csv.

args <- commandArgs(trailingOnly = TRUE)
if (length(args) != 1) {
  stop("usage: Rscript examples/r/organisations.R RESULT")
}
file <- file.path(args[1], "data", "organisations.parquet")
rows <- if (requireNamespace("nanoparquet", quietly = TRUE)) {
  as.data.frame(nanoparquet::read_parquet(file))
} else if (requireNamespace("arrow", quietly = TRUE)) {
  as.data.frame(arrow::read_parquet(file))
} else {
  read.csv(sub("parquet$", "csv", file))
}
rows <- rows[rows$run == 1 & rows$year == max(rows$year) & rows$kind != "practice", ]
rows$income_kgbp <- round(as.numeric(rows$income_pence) / 1e5, 1)
rows$reserves_kgbp <- round(as.numeric(rows$reserves_pence) / 1e5, 1)
options(width = 160)
print(rows[, c("place", "scenario", "kind", "organisation", "enrolled", "income_kgbp", "reserves_kgbp", "integration")],
      row.names = FALSE, digits = 3)
