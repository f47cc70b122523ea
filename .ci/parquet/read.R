# Reads the CSV tables of a result with base R and compares rows and sums with what our own reader found.
# Rscript read.R RESULT SUMS.tsv, with lines of table, rows, column, type, sum and size.
args <- commandArgs(trailingOnly = TRUE)
want <- read.delim(args[2], header = FALSE, col.names = c("table", "rows", "column", "type", "sum", "size"),
                   colClasses = c("character", "numeric", "character", "character", "character", "numeric"), quote = "")
faults <- character()
files <- 0
for (name in unique(want$table)) {
  path <- file.path(args[1], "data", paste0(name, ".csv"))
  if (!file.exists(path)) next
  files <- files + 1
  w <- want[want$table == name, ]
  kinds <- c(VARCHAR = "character", BOOLEAN = "character", DOUBLE = "numeric", INTEGER = "numeric", BIGINT = "numeric")
  frame <- read.csv(path, colClasses = unname(kinds[w$type]), na.strings = NULL, check.names = FALSE, encoding = "bytes")
  if (!identical(names(frame), w$column)) {
    faults <- c(faults, sprintf("%s: columns %s, want %s", path, toString(names(frame)), toString(w$column)))
    next
  }
  if (nrow(frame) != w$rows[1]) faults <- c(faults, sprintf("%s: %d rows, want %.0f", path, nrow(frame), w$rows[1]))
  for (k in seq_len(nrow(w))) {
    x <- frame[[k]]
    got <- switch(w$type[k], VARCHAR = sum(nchar(x, type = "bytes")), BOOLEAN = sum(x == "true"), sum(x))
    # R has no integers beyond 2^53: there the scale of rounding is what counts.
    size <- if (w$size[k] > 0) w$size[k] else abs(as.numeric(w$sum[k]))
    if (!(abs(got - as.numeric(w$sum[k])) <= 1e-12 * size)) {
      faults <- c(faults, sprintf("%s: sum of %s is %.17g, want %s", path, w$column[k], got, w$sum[k]))
    }
  }
}
if (files < 6) faults <- c(faults, sprintf("%d tables found, want 6 or more", files))
if (length(faults) > 0) {
  writeLines(faults, stderr())
  quit(status = 1)
}
cat(sprintf("R %s: %d tables, %d columns\n", getRversion(), files, nrow(want)))
