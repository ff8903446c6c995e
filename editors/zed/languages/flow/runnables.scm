; A test, and all tests of a file, for the tasks of tasks.json.

((test name: (text (words) @run @flow_test)) @_test
  (#set! tag flow-test))

((tests_for name: (name) @run) @_tests
  (#set! tag flow-tests))
