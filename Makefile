.PHONY: demo test test-all setup check build

demo:
	@scripts/demo

test:
	@scripts/test

test-all:
	@scripts/test --all

setup:
	@scripts/setup dev

check:
	@scripts/check

build:
	@scripts/build
