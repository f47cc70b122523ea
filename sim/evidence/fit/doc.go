// Package fit fits parameters to numbers: a stated loss, CMA-ES in blocks, approximate Bayesian
// computation, and a journal on disk so that no trial is made twice; and a conditional logit to choices. It
// knows no table of evidence and no model: it is given the numbers that it may see, which can be those for
// calibration alone, and a function that simulates them. So nothing that it does can read what a reform
// really did.
package fit
