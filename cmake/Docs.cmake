# cnnc-docs writes the pages of ops and passes from their definitions: build/docs/*.md.
set(pages)

# cnnc_page(<file> <td> <generator flags>...)
function(cnnc_page file td)
  set(output ${PROJECT_BINARY_DIR}/docs/${file})
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/docs
    COMMAND mlir-tblgen ${ARGN} -I${MLIR_INCLUDE_DIRS} -I${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/${td}
            -d ${output}.d -o ${output} --write-if-changed
    DEPFILE ${output}.d
    DEPENDS ${PROJECT_SOURCE_DIR}/${td}
    VERBATIM)
  set(pages ${pages} ${output} PARENT_SCOPE)
endfunction()

cnnc_page(cnn.md dialects/cnn/CnnOps.td -gen-dialect-doc -dialect=cnn)
cnnc_page(plan.md dialects/plan/PlanOps.td -gen-dialect-doc -dialect=plan)
cnnc_page(passes.md passes/Passes.td -gen-pass-doc)
add_custom_target(cnnc-docs DEPENDS ${pages})
