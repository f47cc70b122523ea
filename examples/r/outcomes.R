# Print one measure of a result by scenario: means over the last three years and over runs, with the
# paired difference from the first scenario; and draw it by year into a PDF, if one is named.
#
#   Rscript examples/r/outcomes.R RESULT [MEASURE [FIGURE.pdf]]
#
# Needs nothing but base R.

args <- commandArgs(trailingOnly = TRUE)
if (length(args) < 1 || length(args) > 3) {
  stop("usage: Rscript examples/r/outcomes.R RESULT [MEASURE [FIGURE.pdf]]")
}
measure <- if (length(args) > 1) args[2] else "cost_per_head"

rows <- read.csv(file.path(args[1], "data", "outcomes.csv"))
rows <- rows[rows$measure == measure & rows$group == "all", ]
if (nrow(rows) == 0) {
  stop(args[1], ": no values of ", measure, "; coexist list measures names all")
}
rows$year <- (rows$quarter + 3) %/% 4
scenarios <- unique(rows$scenario)
yearly <- aggregate(value ~ place + scenario + run + year, rows, mean)

# The last three years; differences are by run, since the luck of a run is the same in every scenario.
late <- aggregate(value ~ place + scenario + run, yearly[yearly$year > max(yearly$year) - 3, ], mean)
base <- late[late$scenario == scenarios[1], c("place", "run", "value")]
late <- merge(late, base, by = c("place", "run"), suffixes = c("", "_first"))
late$difference <- late$value - late$value_first
table <- aggregate(cbind(value, difference) ~ scenario + place, late, mean)
table <- table[order(table$place, match(table$scenario, scenarios)), c("place", "scenario", "value", "difference")]
cat(sprintf("%s (%s), mean of the last three years\n", measure, rows$unit[1]))
print(table, row.names = FALSE, digits = 5)

if (length(args) > 2) {
  pdf(args[3], width = 7, height = 4.5)
  for (p in unique(yearly$place)) {
    means <- tapply(yearly$value[yearly$place == p],
                    list(yearly$year[yearly$place == p], yearly$scenario[yearly$place == p]), mean)[, scenarios, drop = FALSE]
    colours <- hcl.colors(length(scenarios), "Dark 3")
    matplot(as.integer(rownames(means)), means, type = "l", lty = 1, lwd = 2, col = colours, bty = "l",
            main = paste0(p, " (simulated)"), xlab = "year", ylab = paste0(measure, ", ", rows$unit[1]))
    legend("topleft", scenarios, col = colours, lty = 1, lwd = 2, bty = "n")
  }
  invisible(dev.off())
}
