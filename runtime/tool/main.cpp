#include "cnnc/abi.h"
#include "runtime/tool/Error.h"
#include "runtime/tool/commands/Commands.h"

#include <CLI/CLI.hpp>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <fcntl.h>
#include <unistd.h>

/// Opens what is closed of the standard streams on nothing: else the next file gets the number, and with it all that is printed.
static void openStandardStreams() {
  for (int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (fcntl(stream, F_GETFD) < 0)
      open("/dev/null", O_RDWR);
}

/// What was printed has reached the disk or the pipe, or this says that it has not.
static int closeOutput(int code) {
  if (code != 0 || std::fflush(stdout) == 0)
    return code;
  fmt::print(stderr, "cnnrt: cannot write standard output: {}; free some space or print it elsewhere\n", std::strerror(errno));
  return 1;
}

static int runCommand(int argc, char **argv) {
  CLI::App app("Run, train and measure networks compiled by cnnc", "cnnrt");
  app.require_subcommand(1);
  app.set_version_flag("--version", fmt::format("cnnrt {}, ABI {}", CNNC_VERSION, CNNC_ABI_VERSION));
  app.failure_message(
      [](const CLI::App *, const CLI::Error &error) { return std::string("cnnrt: ") + error.what() + "; see cnnrt --help\n"; });
  cnnc::addTrainCommand(app);
  cnnc::addEvalCommand(app);
  cnnc::addRunCommand(app);
  cnnc::addBenchCommand(app);
  cnnc::addCheckGradCommand(app);
  cnnc::addInspectCommand(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::RuntimeError &error) {
    return error.get_exit_code();
  } catch (const CLI::ParseError &error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const cnnc::UsageError &error) {
    fmt::print(stderr, "cnnrt: {}\n", error.what());
    return 2;
  } catch (const std::bad_alloc &) {
    fmt::print(stderr, "cnnrt: out of memory; try a smaller --batch\n");
    return 1;
  } catch (const std::exception &error) {
    fmt::print(stderr, "cnnrt: {}\n", error.what());
    return 1;
  }
  return 0;
}

/// Exit codes: 0 done, 1 an error in a file, the machine or the run, 2 wrong usage, 128 + signal after an interrupted training
/// run.
int main(int argc, char **argv) {
  openStandardStreams();
  std::signal(SIGXFSZ, SIG_IGN); // a file over the limit is an error of the write, like a full disk
  return closeOutput(runCommand(argc, argv));
}
