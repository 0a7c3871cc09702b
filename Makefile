.PHONY: demo test setup check build

demo:
	@scripts/demo

test:
	@scripts/test

setup:
	@scripts/setup dev

check:
	@scripts/check

build:
	@scripts/build
