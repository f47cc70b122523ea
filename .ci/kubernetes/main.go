// Command kubernetes checks manifests that coexist writes for Kubernetes without a cluster: each file is
// decoded strictly into the type that the API server decodes it into, so that a misspelt or misplaced
// key is an error, and held to the rules between its fields that matter for a sweep.
package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

func main() {
	failed := false
	for _, path := range os.Args[1:] {
		if err := check(path); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", path, err)
			failed = true
		}
	}
	if failed || len(os.Args) < 2 {
		os.Exit(1)
	}
}

// check returns all that is wrong with a manifest.
func check(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var job batch.Job
	if err := yaml.UnmarshalStrict(text, &job); err != nil {
		return err
	}
	var faults []error
	want := func(ok bool, format string, args ...any) {
		if !ok {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	s := &job.Spec
	want(job.APIVersion == "batch/v1" && job.Kind == "Job", "%s %s, want batch/v1 Job", job.APIVersion, job.Kind)
	want(len(job.Name) > 0 && len(job.Name) <= 52 && strings.Trim(job.Name, "abcdefghijklmnopqrstuvwxyz0123456789-") == "", "name %q, want a DNS label with room for an index", job.Name)
	want(s.CompletionMode != nil && *s.CompletionMode == batch.IndexedCompletion, "completionMode, want Indexed")
	want(s.Completions != nil && *s.Completions > 0, "completions, want 1 or more")
	want(s.Parallelism != nil && s.Completions != nil && *s.Parallelism <= *s.Completions, "parallelism above completions")
	want(s.BackoffLimitPerIndex != nil, "no backoffLimitPerIndex: one bad shard would end the job")
	want(s.MaxFailedIndexes != nil && s.Completions != nil && *s.MaxFailedIndexes <= *s.Completions, "maxFailedIndexes above completions")
	want(s.PodReplacementPolicy != nil && *s.PodReplacementPolicy == batch.Failed, "podReplacementPolicy, want Failed as a podFailurePolicy needs it")
	want(s.PodFailurePolicy != nil && len(s.PodFailurePolicy.Rules) > 0, "no podFailurePolicy")
	pod := &s.Template.Spec
	want(pod.RestartPolicy == core.RestartPolicyNever, "restartPolicy = %q, want Never as a podFailurePolicy needs it", pod.RestartPolicy)
	want(len(pod.Containers) == 1, "%d containers, want 1", len(pod.Containers))
	if s.PodFailurePolicy != nil && len(pod.Containers) == 1 {
		for _, r := range s.PodFailurePolicy.Rules {
			if c := r.OnExitCodes; c != nil {
				want(c.ContainerName != nil && *c.ContainerName == pod.Containers[0].Name, "a rule for exit codes names no container of the pod")
				want(r.Action == batch.PodFailurePolicyActionFailIndex, "a rule for exit codes: %s, want FailIndex", r.Action)
			}
		}
		c := &pod.Containers[0]
		command := strings.Join(c.Command, " ")
		want(strings.Contains(command, "--shard $(JOB_COMPLETION_INDEX)/"), "command %q takes no index", command)
		want(len(c.VolumeMounts) == 1 && len(pod.Volumes) == 1 && c.VolumeMounts[0].Name == pod.Volumes[0].Name, "the volume that is mounted is not there")
		want(pod.Volumes[0].PersistentVolumeClaim != nil, "no volume that all nodes share")
	}
	return errors.Join(faults...)
}
