"""The recipe that makes Mujaz's starter models; the scripts beside this package are its steps."""
