"""What is Prefect's: tasks, artifacts, summaries, deployments, parameters."""
