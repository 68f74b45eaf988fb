"""Journal and facts as files for other tools: tables, process logs, object-centric logs. Reads topics, never stores."""
