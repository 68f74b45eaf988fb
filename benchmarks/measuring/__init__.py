"""What every benchmark measures with: its backends, its baseline, its workload, its printing."""
