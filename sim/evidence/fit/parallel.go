package fit

import (
	"context"
	"sync"
)

// Parallel calls do with each number from 0 to n-1, so many at once as there are workers (at least one). The first
// call that fails, or the end of ctx, ends the context of the others, and its error is returned: what the others
// return because of that is no error of theirs.
func Parallel(ctx context.Context, n, workers int, do func(ctx context.Context, i int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	next := make(chan int)
	var wait sync.WaitGroup
	for range max(min(workers, n), 1) {
		wait.Go(func() {
			for i := range next {
				if ctx.Err() != nil {
					continue
				}
				if err := do(ctx, i); err != nil {
					cancel(err)
				}
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wait.Wait()
	return context.Cause(ctx)
}
