# cnnc_add_model(<target> <model.dsl> [SHARED] [DEPENDS <file>...] [OPTIONS <cnnc option>...])
#
# Compiles a network into the library <target> and <target>.h: whoever links <target> includes that header, and every
# symbol starts with "<target>_". Static unless SHARED is given. DEPENDS names the files that the model imports.
function(cnnc_add_model target model)
  cmake_parse_arguments(PARSE_ARGV 2 ARG "SHARED" "" "DEPENDS;OPTIONS")
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "cnnc_add_model: unknown arguments: ${ARG_UNPARSED_ARGUMENTS}; known are SHARED, DEPENDS and OPTIONS")
  endif()
  cmake_path(ABSOLUTE_PATH model NORMALIZE)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${target}.cnnc)
  file(MAKE_DIRECTORY ${folder})
  set(artefact ${folder}/${target}.o)
  if(ARG_SHARED)
    set(artefact ${folder}/${target}.so)
  endif()
  add_custom_command(
    OUTPUT ${artefact} ${folder}/${target}.h
    COMMAND cnnc::cnnc ${model} -o ${artefact} ${ARG_OPTIONS}
    DEPENDS ${model} ${ARG_DEPENDS} cnnc::cnnc
    COMMENT "Compiling ${target} from ${model}"
    VERBATIM)
  if(ARG_SHARED)
    add_custom_target(${target}-compile DEPENDS ${artefact} ${folder}/${target}.h)
    add_library(${target} SHARED IMPORTED GLOBAL)
    set_target_properties(${target} PROPERTIES
      IMPORTED_LOCATION ${artefact} INTERFACE_INCLUDE_DIRECTORIES ${folder})
    add_dependencies(${target} ${target}-compile)
  else()
    add_library(${target} STATIC ${artefact} ${folder}/${target}.h)
    set_target_properties(${target} PROPERTIES LINKER_LANGUAGE C)
    set_source_files_properties(${artefact} PROPERTIES EXTERNAL_OBJECT ON GENERATED ON)
    target_include_directories(${target} INTERFACE ${folder})
    target_link_libraries(${target} INTERFACE m)
  endif()
endfunction()
