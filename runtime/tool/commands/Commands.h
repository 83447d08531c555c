/// \file The commands of `cnnrt`: each adds its options and what it does to the command line.
#ifndef RUNTIME_TOOL_COMMANDS_COMMANDS_H
#define RUNTIME_TOOL_COMMANDS_COMMANDS_H

namespace CLI {
class App;
}

namespace cnnc {

void addTrainCommand(CLI::App &app);
void addEvalCommand(CLI::App &app);
void addRunCommand(CLI::App &app);
void addBenchCommand(CLI::App &app);
void addCheckGradCommand(CLI::App &app);
void addInspectCommand(CLI::App &app);

} // namespace cnnc

#endif
